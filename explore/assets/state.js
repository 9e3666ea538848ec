// What is looked at: a mixture file and how it is solved. Numbers are exact texts. The
// state is in the address, and every change of it can be undone.

import { parse, plain, value } from "./number.js";
import { identity } from "./algebra.js";

export const DEFAULTS = { loss: "infonce", score: "dot", map: "linear", negatives: "inf", bias: "free", margin: "1", temperature: "1" };
const LONGEST = 200; // steps that can be undone

/** of reads a mixture file, options and names of components, so that every number is a text. */
export function of(file, options = {}, names = []) {
  const texts = x => (Array.isArray(x) ? x.map(texts) : String(x));
  if (!file?.weights || !file.means) throw new Error("expected a mixture of one modality, with weights and means");
  const all = shaped({ weights: texts(file.weights), means: texts(file.means), covariance: texts(file.covariance ?? "nothing") });
  return {
    name: file.name || "", ...all,
    delta: String(file.delta ?? 1), names: names ?? [], ...DEFAULTS, ...options,
  };
}

// shaped refuses what has no shape of a mixture, which could not be drawn, and writes out matrices among others that are the identity.
function shaped({ weights, means, covariance }) {
  const d = means[0]?.length, listed = x => Array.isArray(x) && x.length > 0;
  if (!listed(weights) || means.length !== weights.length || means.some(m => !listed(m) || m.length !== d)) {
    throw new Error(`expected as many means of equal length as weights, found ${weights.length} weights and ${means.length} means`);
  }
  const numbers = lists => {
    const wrong = lists.flat().find(x => Array.isArray(x) || !parse(x));
    if (wrong !== undefined) throw new Error(`expected decimals and fractions, found ${wrong || "nothing"}`);
  };
  numbers([weights, ...means]);
  if (covariance === "identity") return { weights, means, covariance };
  const each = listed(covariance) && covariance.some(m => m === "identity" || listed(m?.[0]));
  const matrices = each ? covariance.map(m => (m === "identity" ? identity(d).map(row => row.map(String)) : m)) : [covariance];
  const square = m => listed(m) && m.length === d && m.every(row => listed(row) && row.length === d);
  if (!matrices.every(square) || each && matrices.length !== weights.length) {
    throw new Error(`expected a covariance of ${d} rows and columns, one for each of ${weights.length} components, or “identity”`);
  }
  numbers(matrices.flat());
  return { weights, means, covariance: each ? matrices : covariance };
}

/** exactly reads JSON with its numbers as texts, so that every digit is kept. */
export const exactly = text => JSON.parse(text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, x => (x[0] === '"' ? x : `"${x}"`)));

/** file is the mixture file of a state. */
export const file = s => ({ ...(s.name && { name: s.name }), weights: s.weights, means: s.means, covariance: s.covariance, delta: s.delta });

// Which losses and scores take a number besides.
const TAKES = {
  negatives: s => s.loss === "infonce" || s.loss === "sigmoid",
  bias: s => s.loss === "sigmoid",
  margin: s => s.loss === "hinge",
  temperature: s => ofCosines(s),
};

/** EXTRA are the names of the numbers that some losses and scores take. */
export const EXTRA = Object.keys(TAKES);

/** takes tells whether a state's loss and score take a number. */
export const takes = (s, name) => TAKES[name](s);

/** chosen is how a state is solved: what its loss and score take, whether as usual or not. */
export const chosen = s => Object.fromEntries(Object.keys(DEFAULTS).map(key => [key, s[key]]));

/** options are those that the state's loss takes, as the engine reads them. */
export function options(s) {
  const extra = EXTRA.filter(name => takes(s, name)).map(name => [name, s[name]]);
  return { loss: s.loss, score: s.score, map: s.map, ...Object.fromEntries(extra) };
}

/** nameOf is component k's name for people. */
export const nameOf = (s, k) => s.names[k] || String(k + 1);

/** centred tells whether only differences of means are seen: S_c takes the place of S_F. */
export const centred = s => s.score === "distance" || s.map === "affine";

/** ofCosines tells whether scores are cosines: then what is found is a stationary point, and maps, hunts and proofs are none of this page. */
export const ofCosines = s => s.score === "cosine";

/** own tells whether each component has its own covariance. */
export const own = s => Array.isArray(s.covariance) && Array.isArray(s.covariance[0][0]);

/** matrices are the exact covariances, one a component or one for all. */
export function matrices(s) {
  if (s.covariance === "identity") return [identity(s.means[0].length).map(row => row.map(String))];
  return own(s) ? s.covariance : [s.covariance];
}

/** doubles is the mixture as floating-point numbers, for drawing. */
export function doubles(s) {
  const weights = s.weights.map(value), total = weights.reduce((a, b) => a + b, 0);
  const given = matrices(s).map(m => m.map(row => row.map(value)));
  return {
    dimension: s.means[0].length, shares: weights.map(w => w / total), means: s.means.map(m => m.map(value)),
    covariances: s.means.map((_, k) => given[k] || given[0]),
  };
}

const KEYS = { loss: "loss", score: "score", map: "map", n: "negatives", b: "bias", g: "margin", t: "temperature" };

/** link writes a state as the part of an address after #, which people can read and edit. */
export function link(s) {
  const rows = m => m.map(row => row.join(",")).join(";");
  const parts = [["w", s.weights.join(",")], ["m", rows(s.means)]];
  if (s.covariance !== "identity") parts.push(["c", own(s) ? s.covariance.map(rows).join("|") : rows(s.covariance)]);
  if (s.delta !== "1") parts.push(["d", s.delta]);
  for (const [key, name] of Object.entries(KEYS)) if (s[name] !== DEFAULTS[name]) parts.push([key, s[name]]);
  if (s.names.some(Boolean)) parts.push(["k", s.names.map(name => name.replace(/[\\,]/g, "\\$&")).join(",")]);
  if (s.name) parts.push(["name", s.name]);
  return written(parts);
}

/** written joins [key, value] pairs as the part of an address after #. */
export const written = parts => parts.map(([k, v]) => k + "=" + encodeURIComponent(v).replace(/%(2C|3B|2F|7C|5B|5D)/g, decodeURIComponent)).join("&");

/** given reads such pairs. */
export const given = hash => new URLSearchParams(hash.replace(/^#/, "").replaceAll("+", "%2B"));

// named reads names apart by commas; one in a name, and a backslash, have a backslash before them.
function named(text) {
  const all = [""];
  for (const [part] of text.matchAll(/\\.|,|[^\\,]+/gsu)) {
    if (part === ",") all.push("");
    else all[all.length - 1] += part.replace(/^\\/, "");
  }
  return all;
}

/** linked reads what link wrote; it throws an error that says what was expected. */
export function linked(hash) {
  const from = given(hash);
  const numbers = row => row.split(",").map(x => {
    if (!parse(x)) throw new Error(`expected decimals and fractions in the address, found ${x || "nothing"}`);
    return plain(x);
  });
  const rows = m => m.split(";").map(numbers);
  if (!from.has("w") || !from.has("m")) throw new Error("expected weights w and means m in the address");
  const weights = numbers(from.get("w")), means = rows(from.get("m"));
  const c = from.get("c"), covariances = c ? c.split("|").map(rows) : [];
  const covariance = c ? (covariances.length > 1 ? covariances : covariances[0]) : "identity";
  const chosen = Object.fromEntries(Object.entries(KEYS).filter(([k]) => from.has(k)).map(([k, name]) => [name, from.get(k)]));
  return of({ name: from.get("name") || "", weights, means, covariance, delta: from.get("d") || "1" }, chosen, named(from.get("k") || ""));
}

// changed is a state with a change; a mixture that was edited has lost its name.
function changed(state, change) {
  const edited = ["weights", "means", "covariance"].some(key => key in change);
  return { ...state, ...(edited && { name: "" }), ...change };
}

/** History holds the present state, what came before and what was undone. */
export class History {
  #past = []; #future = []; #kept; #listeners = [];
  constructor(start) { this.now = start; this.#kept = start; }
  listen(f) { this.#listeners.push(f); }
  #tell(settled) { for (const f of this.#listeners) f(this.now, settled); }

  /** move shows a state on the way, such as in a drag, which is not kept. */
  move(change) { this.now = changed(this.now, change); this.#tell(false); }

  /** keep settles the present state, changed, as one step that can be undone. */
  keep(change = {}) {
    this.now = changed(this.now, change);
    if (link(this.now) !== link(this.#kept)) {
      this.#past.push(this.#kept);
      if (this.#past.length > LONGEST) this.#past.shift();
      this.#future = [];
    }
    this.#kept = this.now;
    this.#tell(true);
  }
  get canUndo() { return this.#past.length > 0; }
  get canRedo() { return this.#future.length > 0; }
  undo() { this.#step(this.#past, this.#future); }
  redo() { this.#step(this.#future, this.#past); }
  #step(from, to) {
    if (!from.length) return;
    to.push(this.#kept);
    this.now = this.#kept = from.pop();
    this.#tell(true);
  }
}
