// One way to ask, two engines that answer: the server that sent this page, or the same
// program as WebAssembly in workers.

const kind = document.querySelector('meta[name="engine"]')?.content === "server" ? "server" : "wasm";

/** ask sends a question and returns the parsed answer; onPart receives what comes before it. Aborting ends the work too. */
export function ask(question, body, { onPart = () => {}, signal } = {}) {
  return (kind === "server" ? overNetwork : inWorker)(question, JSON.stringify(body ?? {}), onPart, signal);
}

/** engine is "server" or "wasm"; patience how many ms a question may take before a newer one ends it: a worker starts slowly. */
export const engine = kind;
export const patience = kind === "server" ? 250 : 2000;

async function overNetwork(question, body, onPart, signal) {
  const address = question === "answer" ? "answer" : "ask/" + question;
  const response = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body, signal });
  if (!response.ok) {
    const failure = new Error(plain(await response.text()) || `the server answers ${response.status}`);
    if (response.headers.has("Retry-After")) failure.name = "BusyError";
    throw failure;
  }
  if (!/ndjson/.test(response.headers.get("Content-Type") || "")) return response.json();
  let rest = "", last = null;
  const take = line => {
    if (!line) return;
    if (last !== null) onPart(last);
    last = JSON.parse(line);
  };
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    lines.forEach(take);
  }
  take(rest);
  if (last?.error) throw new Error(plain(last.error));
  return last;
}

const plain = sentence => sentence.trim().replace(/^(contrastcheck|gmm|explore): /, "");

// One worker a line of work, so that a long one never stands in the way of an answer.
const LINES = { answer: "answer", map: "map", hunt: "hunt", simplify: "hunt" };
const workers = new Map();
let compiled = null;

function worker(line) {
  if (workers.has(line)) return workers.get(line);
  compiled ??= WebAssembly.compileStreaming(fetch("contrastcheck.wasm"));
  const fresh = { thread: new Worker("worker.js"), waiting: new Map(), count: 0 };
  compiled.then(program => fresh.thread.postMessage({ program }));
  fresh.thread.onmessage = ({ data: { id, part, answer, error } }) => {
    const asked = fresh.waiting.get(id);
    if (!asked) return;
    if (part !== undefined) return asked.onPart(JSON.parse(part));
    fresh.waiting.delete(id);
    if (error === undefined) asked.resolve(JSON.parse(answer));
    else asked.reject(new Error(plain(error)));
  };
  workers.set(line, fresh);
  return fresh;
}

function inWorker(question, body, onPart, signal) {
  const line = LINES[question] || "others";
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const w = worker(line), id = ++w.count;
    w.waiting.set(id, { resolve, reject, onPart });
    w.thread.postMessage({ id, question, body });
    signal?.addEventListener("abort", () => {
      if (!w.waiting.delete(id)) return;
      reject(signal.reason);
      w.thread.terminate(); // the program has one thread: only its end stops the work
      workers.delete(line);
      for (const other of w.waiting.values()) other.reject(signal.reason);
    }, { once: true });
  });
}
