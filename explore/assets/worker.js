// The program in a worker: it waits for the compiled module, then answers what it is asked.

importScripts("wasm_exec.js");

let start;
const started = new Promise(resolve => { start = resolve; });

onmessage = async ({ data }) => {
  if (data.program) {
    const go = new Go();
    go.run(await WebAssembly.instantiate(data.program, go.importObject));
    return start();
  }
  const { id, question, body } = data;
  await started;
  try {
    const answer = await contrastcheckAsk(question, body, part => postMessage({ id, part }));
    postMessage({ id, answer });
  } catch (failure) {
    postMessage({ id, error: String(failure?.message || failure) });
  }
};
