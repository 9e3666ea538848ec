// Exact vectors of the span of the means, so that a mean that is moved along them leaves S_F as it is.

import * as algebra from "./algebra.js";
import { negated, plus, scaled, snapped, value } from "./number.js";
import { centred } from "./state.js";

const INDEPENDENT = 1e-6; // what a vector must have outside the span of those before, as a share of the longest

// spanning returns exact vectors that span what the means span, their differences where only these are seen.
function spanning(state) {
  const [first, ...rest] = state.means;
  const all = centred(state) ? rest.map(m => m.map((x, i) => plus(x, negated(first[i])))) : state.means;
  const doubles = all.map(v => v.map(value)), chosen = [];
  for (const k of all.map((_, i) => i).sort((i, j) => algebra.norm(doubles[j]) - algebra.norm(doubles[i]))) {
    const some = [...chosen, k];
    if (algebra.orthonormal(some.map(i => doubles[i]), INDEPENDENT).length === some.length) chosen.push(k);
  }
  return chosen.map(k => all[k]);
}

/** along returns an exact mean moved by about a displacement, within the span of the means; step is how fine, an exact text. */
export function along(state, mean, displacement, step) {
  const vectors = spanning(state), doubles = vectors.map(v => v.map(value));
  if (vectors.length < 2) return mean.map((x, i) => snapped(value(x) + displacement[i], step));
  const gram = algebra.cholesky(doubles.map(a => doubles.map(b => algebra.dot(a, b))));
  const shares = algebra.solve(gram, doubles.map(v => [algebra.dot(v, displacement)])).map(([c]) => c);
  return shares.reduce((moved, share, j) => {
    const fine = power(value(step) / algebra.norm(doubles[j])), exact = snapped(share, fine);
    return moved.map((x, i) => plus(x, scaled(exact, vectors[j][i])));
  }, mean);
}

// power is the greatest power of ten that is at most x, as a text.
const power = x => { const e = Math.floor(Math.log10(x)); return e >= 0 ? "1" + "0".repeat(e) : "1e" + e; };
