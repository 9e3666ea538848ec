// Parameters of a mixture that a map can vary: δ, weights, and coordinates of means.

import { rounded, value } from "./number.js";

const below = n => String(n).replace(/\d/g, c => "₀₁₂₃₄₅₆₇₈₉"[c]);
const MOST = 60;

/** parameters lists [key, name] of a state's; keys are those of the engine, which count from 0. */
export function parameters(s) {
  const all = [["delta", "δ"]];
  s.weights.forEach((_, k) => all.push([`weights[${k}]`, `weight of ${k + 1}`]));
  s.means.forEach((m, k) => m.forEach((_, i) => all.push([`means[${k}][${i}]`, `mean of ${k + 1}, x${below(i + 1)}`])));
  return all.slice(0, MOST);
}

const places = key => [...key.matchAll(/\[(\d+)\]/g)].map(m => Number(m[1]));

/** read returns a parameter's exact text. */
export function read(s, key) {
  if (key === "delta") return s.delta;
  const [k, i] = places(key);
  return key.startsWith("weights") ? s.weights[k] : s.means[k][i];
}

/** written is the change of a state that sets a parameter. */
export function written(s, key, exact) {
  if (key === "delta") return { delta: exact };
  const [k, i] = places(key);
  if (key.startsWith("weights")) return { weights: s.weights.map((w, n) => (n === k ? exact : w)) };
  return { means: s.means.map((m, n) => (n === k ? m.map((x, j) => (j === i ? exact : x)) : m)) };
}

/** around is a range about the present value: {from, to} as texts. */
export function around(s, key, reach) {
  const x = value(read(s, key));
  if (key === "delta") return { from: "0.025", to: "1" };
  if (key.startsWith("weights")) return { from: rounded(x / 20, 2), to: rounded(x * 2, 2) };
  return { from: rounded(x - reach, 3), to: rounded(x + reach, 3) };
}

/** coordinate tells of which component and coordinate a parameter is, or null. */
export function coordinate(key) {
  const [k, i] = places(key);
  return key.startsWith("means") ? { k, i } : null;
}
