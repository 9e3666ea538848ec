// Exact numbers: decimals and fractions as people type them, kept as ratios of integers.

const DECIMAL = /^([+-]?)(\d+\.?\d*|\.\d+)(?:e([+-]?\d{1,3}))?$/i;
const FRACTION = /^([+-]?\d+)\s*\/\s*(\d+)$/;

const greatest = (a, b) => { while (b) [a, b] = [b, a % b]; return a < 0n ? -a : a; };

const ratio = (n, d) => {
  const g = greatest(n, d) || 1n;
  return { n: n / g, d: d / g };
};

/** parse reads "0.25", "-1/3" or "1e-3"; it returns null for anything else. */
export function parse(text) {
  const s = String(text).trim().replace("−", "-");
  const f = FRACTION.exec(s);
  if (f) return BigInt(f[2]) === 0n ? null : ratio(BigInt(f[1]), BigInt(f[2]));
  const m = DECIMAL.exec(s);
  if (!m) return null;
  const [whole, part = ""] = m[2].split(".");
  const scale = Number(m[3] || 0) - part.length;
  const n = BigInt(whole + part || "0") * (m[1] === "-" ? -1n : 1n);
  return scale < 0 ? ratio(n, 10n ** BigInt(-scale)) : ratio(n * 10n ** BigInt(scale), 1n);
}

/** plain is the text of an exact number as mixture files have it: with the hyphen for a minus sign, and no spaces. */
export const plain = text => String(text).replace("−", "-").replace(/\s+/g, "");

/** text writes a ratio as a decimal where that ends within 12 digits, else as a fraction. */
export function text({ n, d }) {
  if (d === 1n) return n.toString();
  for (let digits = 1, scale = 10n; digits <= 12; digits++, scale *= 10n) {
    if (scale % d) continue;
    const whole = n * (scale / d), size = whole < 0n ? -whole : whole;
    const s = size.toString().padStart(digits + 1, "0");
    return (whole < 0n ? "-" : "") + s.slice(0, -digits) + "." + s.slice(-digits);
  }
  return `${n}/${d}`;
}

/** value is the nearest double, of "1/3" too; NaN for what is no number. */
export function value(exact) {
  const plain = Number(exact);
  if (!Number.isNaN(plain) && String(exact).trim() !== "") return plain;
  const r = parse(exact);
  if (!r) return NaN;
  const plainly = Number(r.n) / Number(r.d);
  return Number.isFinite(plainly) ? plainly : Number(r.n * 10n ** 30n / r.d) / 1e30;
}

/** mean is the weighted mean Σwx/Σw of exact numbers, all texts. */
export function mean(weights, numbers) {
  let n = { n: 0n, d: 1n }, total = n;
  const add = (a, b) => ratio(a.n * b.d + b.n * a.d, a.d * b.d);
  weights.forEach((weight, k) => {
    const w = parse(weight), x = parse(numbers[k]);
    n = add(n, { n: w.n * x.n, d: w.d * x.d });
    total = add(total, w);
  });
  return text(ratio(n.n * total.d, n.d * total.n));
}

/** plus adds two exact numbers, given and returned as text. */
export function plus(a, b) {
  const x = parse(a), y = parse(b);
  return text(ratio(x.n * y.d + y.n * x.d, x.d * y.d));
}

/** scaled multiplies two exact numbers, given and returned as text. */
export function scaled(a, b) {
  const x = parse(a), y = parse(b);
  return text(ratio(x.n * y.n, x.d * y.d));
}

/** negated turns the sign of an exact number, given and returned as text. */
export function negated(a) {
  const x = parse(a);
  return text({ n: -x.n, d: x.d });
}

/** snapped writes the multiple of step that is nearest to x, without rounding noise. */
export function snapped(x, step) {
  const s = parse(step), count = BigInt(Math.round(x / value(step)));
  return text(ratio(s.n * count, s.d));
}

/** rounded writes x to so many significant digits, as a plain decimal. */
export function rounded(x, digits = 4) {
  return x === 0 ? "0" : text(parse(Number(x).toPrecision(digits)));
}

/** shown writes x for reading: a true minus sign, three significant digits, no needless zeros. */
export function shown(x, digits = 3) {
  if (x === null || x === undefined || Number.isNaN(x)) return "–";
  const size = Math.abs(x);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) {
    const [m, e] = x.toExponential(digits - 1).split("e");
    return (m.replace(/\.?0+$/, "") + "·10" + raised(Number(e))).replace("-", "−");
  }
  return String(Number(x.toPrecision(digits))).replace("-", "−");
}

const raised = e => String(e).replace(/[-0-9]/g, c => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c]));
