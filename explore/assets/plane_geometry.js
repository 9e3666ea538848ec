// The plane in which a mixture is seen: two coordinates, or two directions of the Fisher
// subspace. A point x is seen at Uᵀx.

import * as algebra from "./algebra.js";

/** mean covariance Σ̄ of a mixture in doubles. */
export function pooled(mixture) {
  const { covariances, shares } = mixture;
  return covariances.reduce((s, c, k) => algebra.sum(s, c, shares[k]), algebra.zeros(mixture.dimension));
}

/** fisher returns an orthonormal basis of span{Σ̄⁻¹μ_k}, of the differences of means if centred. */
export function fisher(mixture, centred) {
  const l = algebra.cholesky(pooled(mixture));
  if (!l) return [];
  const centre = mixture.means[0].map((_, i) => (centred ? mixture.means.reduce((s, m, k) => s + mixture.shares[k] * m[i], 0) : 0));
  const columns = mixture.means.map(m => m.map((x, i) => x - centre[i]));
  const vectors = algebra.transposed(algebra.solve(l, algebra.transposed(columns)));
  return algebra.orthonormal(vectors.sort((a, b) => algebra.norm(b) - algebra.norm(a)));
}

/** plane returns {axes: [u, v], names, exact}: exact says which coordinates the axes are, if they are. */
export function plane(mixture, choice, centred, before) {
  const d = mixture.dimension;
  const coordinate = i => algebra.identity(d)[i];
  if (choice !== "fisher") {
    const [i, j] = choice;
    return { axes: [coordinate(i), coordinate(j)], names: [`x${below(i + 1)}`, `x${below(j + 1)}`], exact: [i, j] };
  }
  let basis = leading(mixture, fisher(mixture, centred));
  if (basis.length === 1) basis = [basis[0], across(basis[0])];
  if (basis.length < 2) return plane(mixture, [0, Math.min(1, d - 1)], centred);
  return { axes: like(before, basis.slice(0, 2)), names: ["Fisher 1", "Fisher 2"], exact: null };
}

const below = n => String(n).replace(/\d/g, c => "₀₁₂₃₄₅₆₇₈₉"[c]);

// leading turns a basis of S_F so that the means spread most along its first vectors.
function leading(mixture, basis) {
  if (basis.length < 3) return basis;
  const seen = mixture.means.map(m => basis.map(b => algebra.dot(b, m)));
  const centre = basis.map((_, i) => seen.reduce((s, p, k) => s + mixture.shares[k] * p[i], 0));
  const spread = basis.map((_, i) => basis.map((_, j) =>
    seen.reduce((s, p, k) => s + mixture.shares[k] * (p[i] - centre[i]) * (p[j] - centre[j]), 0)));
  return algebra.eigen(spread).vectors.map(v => basis[0].map((_, i) => basis.reduce((s, b, j) => s + v[j] * b[i], 0)));
}

// across is a unit vector orthogonal to u.
function across(u) {
  const d = u.length;
  const candidates = algebra.identity(d).sort((a, b) => Math.abs(algebra.dot(a, u)) - Math.abs(algebra.dot(b, u)));
  return algebra.orthonormal([u, ...candidates])[1];
}

// like turns a basis of a plane to the one before, as far as the plane allows, so that nothing jumps.
function like(before, [u, v]) {
  if (!before || before[0].length !== u.length) return [u, v];
  const onto = w => { const a = algebra.dot(w, u), b = algebra.dot(w, v); return u.map((x, i) => a * x + b * v[i]); };
  const turned = algebra.orthonormal(before.map(onto), 0.05);
  return turned.length === 2 ? turned : [u, v];
}

/** seen projects a point onto the axes. */
export const seen = (axes, x) => axes.map(a => algebra.dot(a, x));

/** form is UᵀSU. */
export const form = (axes, s) => axes.map(a => { const t = algebra.times(s, a); return axes.map(b => algebra.dot(b, t)); });

/** lift returns the d×2 matrix W = ΣU(UᵀΣU)⁻¹: UᵀW = 1, and μ + Wp stays where the means' span is, if U spans S_F. */
export function lift(axes, covariance) {
  const columns = algebra.product(covariance, algebra.transposed(axes));
  const [[a, b], [, c]] = form(axes, covariance), determinant = a * c - b * b;
  return algebra.product(columns, [[c / determinant, -b / determinant], [-b / determinant, a / determinant]]);
}

/** ellipse returns the half axes of pᵀS⁻¹p = 1 in the plane, S being 2×2: {angle, long, short}. */
export function ellipse([[a, b], [, c]]) {
  const middle = (a + c) / 2, apart = Math.hypot((a - c) / 2, b);
  return { angle: Math.atan2(2 * b, a - c) / 2, long: Math.sqrt(Math.max(0, middle + apart)), short: Math.sqrt(Math.max(0, middle - apart)) };
}

/** ofEllipse is the inverse of ellipse. */
export function ofEllipse({ angle, long, short }) {
  const c = Math.cos(angle), s = Math.sin(angle), p = long * long, q = short * short;
  return [[p * c * c + q * s * s, (p - q) * c * s], [(p - q) * c * s, p * s * s + q * c * c]];
}

/** lost returns directions of S_F that are Σ̄-orthogonal to Col(A), by orthonormal bases of both. */
export function lost(basis, columns, covariance) {
  if (!columns.length || columns.length >= basis.length) return columns.length ? [] : basis;
  const l = algebra.cholesky(covariance);
  const whiten = v => algebra.times(algebra.transposed(l), v); // Lᵀv: the functional v of whitened points
  const kept = algebra.orthonormal(columns.map(whiten)), all = algebra.orthonormal([...kept, ...basis.map(whiten)], 1e-5);
  return all.slice(kept.length).map(w => solveUpper(l, w));
}

// solveUpper returns L⁻ᵀw.
function solveUpper(l, w) {
  const n = l.length, x = w.slice();
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= l[k][i] * x[k];
    x[i] /= l[i][i];
  }
  const length = algebra.norm(x);
  return x.map(v => v / length);
}
