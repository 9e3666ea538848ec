// Small dense matrices, as arrays of rows.

export const zeros = (n, m = n) => Array.from({ length: n }, () => new Array(m).fill(0));
export const identity = n => zeros(n).map((row, i) => (row[i] = 1, row));
export const transposed = a => (a[0] || []).map((_, j) => a.map(row => row[j]));
export const dot = (x, y) => x.reduce((s, v, i) => s + v * y[i], 0);
export const times = (a, x) => a.map(row => dot(row, x));
export const product = (a, b) => { const t = transposed(b); return a.map(row => t.map(c => dot(row, c))); };
export const sum = (a, b, factor = 1) => a.map((row, i) => row.map((v, j) => v + factor * b[i][j]));
export const norm = x => Math.sqrt(dot(x, x));

/** cholesky returns L with LLᵀ = a, or null where a is not positive definite. */
export function cholesky(a) {
  const n = a.length, l = zeros(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let s = a[i][j];
      for (let k = 0; k < j; k++) s -= l[i][k] * l[j][k];
      if (i === j) {
        if (!(s > 0)) return null;
        l[i][i] = Math.sqrt(s);
      } else {
        l[i][j] = s / l[j][j];
      }
    }
  }
  return l;
}

/** solve returns a⁻¹b, columns of b being right-hand sides, from the factor L of a. */
export function solve(l, b) {
  const n = l.length;
  return transposed(transposed(b).map(column => {
    const x = column.slice();
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < i; k++) x[i] -= l[i][k] * x[k];
      x[i] /= l[i][i];
    }
    for (let i = n - 1; i >= 0; i--) {
      for (let k = i + 1; k < n; k++) x[i] -= l[k][i] * x[k];
      x[i] /= l[i][i];
    }
    return x;
  }));
}

/** eigen returns {values, vectors} of a symmetric matrix, greatest first, vectors[i] of values[i] (Jacobi). */
export function eigen(symmetric) {
  const n = symmetric.length, a = symmetric.map(row => row.slice()), v = identity(n);
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += a[p][q] ** 2;
    if (off < 1e-30 * a.reduce((s, row, i) => s + row[i] ** 2, off)) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) turn(a, v, p, q);
  }
  const order = a.map((_, i) => i).sort((i, j) => a[j][j] - a[i][i]);
  return { values: order.map(i => a[i][i]), vectors: order.map(i => v.map(row => row[i])) };
}

function turn(a, v, p, q) {
  if (a[p][q] === 0) return;
  const tau = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  const t = (tau < 0 ? -1 : 1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
  const c = 1 / Math.sqrt(1 + t * t), s = t * c;
  for (const row of a) [row[p], row[q]] = [c * row[p] - s * row[q], s * row[p] + c * row[q]];
  for (let k = 0; k < a.length; k++) [a[p][k], a[q][k]] = [c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]];
  for (const row of v) [row[p], row[q]] = [c * row[p] - s * row[q], s * row[p] + c * row[q]];
}

/** orthonormal returns a basis of the span of vectors: those that stand out of the earlier ones by more than a share of the longest. */
export function orthonormal(vectors, share = 1e-7) {
  const basis = [], longest = Math.max(0, ...vectors.map(norm));
  for (const v of vectors) {
    let rest = v.slice();
    for (let twice = 0; twice < 2; twice++) {
      for (const b of basis) { const c = dot(rest, b); rest = rest.map((x, i) => x - c * b[i]); }
    }
    const length = norm(rest);
    if (length > share * longest) basis.push(rest.map(x => x / length));
  }
  return basis;
}
