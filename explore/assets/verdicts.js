// The answer in words and bars: what is kept, how sure that is, and what it costs.

import { by, draw, make, rich, say } from "./dom.js";
import { shown } from "./number.js";
import { centred, nameOf } from "./state.js";

const COUNTED = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const counted = n => COUNTED[n] ?? String(n);
const capital = s => s[0].toUpperCase() + s.slice(1);
const space = s => (centred(s) ? "S_c" : "S_F");
const MOST_PAIRS = 6, MOST_BARS = 12;

/** headline says in one sentence what becomes of the directions. */
export function headline(answer) {
  if (answer.minimiser === null) return "No minimiser exists";
  const d = answer.directions;
  if (!d) {
    const word = answer.containment.verdict;
    return word === "refuted" ? "The representation leaves S_F" : word === "holds" ? "The representation stays in S_F" : "Whether it stays in S_F is undecided";
  }
  const all = d.kept + d.lost + d.undecided;
  if (all === 0) return "There is no direction to keep";
  const of = all === 1 ? "The only direction" : d.lost === all || d.kept === all ? (all === 2 ? "Both directions" : `All ${counted(all)} directions`) : null;
  if (d.lost === all) return `${of} ${all === 1 ? "is" : "are"} lost`;
  if (d.kept === all) return `${of} ${all === 1 ? "is" : "are"} kept`;
  if (all === 1) return `${of} is undecided`;
  const n = d.lost || d.undecided, word = d.lost ? "lost" : "undecided";
  return `${capital(counted(n))} of ${counted(all)} directions ${n === 1 ? "is" : "are"} ${word}`;
}

/** tone is the verdict that colours the headline: holds, refuted or undecided. */
export function tone(answer) {
  const d = answer.directions;
  if (!d) return answer.containment?.verdict ?? "undecided";
  return d.lost ? "refuted" : d.undecided || !(d.kept + d.lost) ? "undecided" : "holds";
}

/** grounds says which statements hold, with grade and bound. */
export function grounds(answer, s) {
  const part = [], { containment, equality, certificate, minimiser } = answer;
  if (minimiser) part.push(`Loss ${shown(minimiser.loss, 6)}, rank ${minimiser.rank}${minimiser.stationary ? ", of the best stationary point that was found" : ""}.`);
  if (equality) part.push(`Col(A*) = ${space(s)} ${verb(equality)}${equality.margin == null ? "" : `: λ_min = ${shown(equality.margin, 4)}`}${by_(equality)}.`);
  if (containment) part.push(`Col(A*) ⊆ ${space(s)} ${verb(containment)}${by_(containment)}.`);
  if (certificate) part.push(`Grade: ${certificate.grade}${certificate.epsilon == null ? "" : `, known to ± ${shown(certificate.epsilon, 2)}`}.`);
  return part.join(" ");
}

const verb = v => ({ holds: "holds", refuted: "is refuted", undecided: "is undecided" })[v.verdict] ?? v.verdict;
const by_ = v => (v.by ? ` (by ${v.by})` : "");

/** directions pairs each eigenvalue, least first, with its verdict: the lost ones come first. */
export function directions(answer) {
  const values = answer.unconstrained?.whitened_eigenvalues, d = answer.directions;
  if (!values) return [];
  const error = answer.certificate?.epsilon ?? answer.unconstrained.distance_bound;
  const verdict = i => (!d ? "undecided" : i < d.lost ? "lost" : i < d.lost + d.undecided ? "undecided" : "kept");
  return values.map((value, i) => ({ name: `λ${below(i + 1)}`, value, error, verdict: verdict(i) }));
}

const below = n => String(n).replace(/\d/g, c => "₀₁₂₃₄₅₆₇₈₉"[c]);

// Where S_F has no eigenvalues of its own, what pulls the columns out of it stands there.
function slopes({ inside, containment }) {
  if (inside?.slope === undefined) return [];
  const verdict = containment.verdict === "refuted" ? "lost" : containment.verdict === "holds" ? "kept" : "undecided";
  return [{ name: "slope out of S_F", value: inside.slope, error: inside.slope_error, verdict, word: verdict === "lost" ? "leaves" : verdict === "kept" ? "stays" : verdict }];
}

// The axis is linear up to 0.001 and logarithmic beyond, so that a sign is seen at every size.
const KNEE = 1e-3, ENDS = [-1, 4];
const bent = x => Math.sign(x) * Math.log10(1 + Math.abs(x) / KNEE);
const TICKS = [-0.01, -0.001, 0, 0.001, 0.01, 0.1, 1];

function bar({ name, value, error, verdict, word }, width, last) {
  const height = last ? 34 : 20, reach = ENDS[1] + 1.3;
  const x = v => 4 + (Math.min(ENDS[1], Math.max(-1.3, bent(v))) + 1.3) / reach * (width - 8);
  const low = x(value - error), high = x(value + error);
  return make("div", { class: `direction ${verdict}` },
    make("p", {}, make("b", {}, ...rich(name)), " ", make("data", { value: String(value) }, shown(value, 4)), " ", make("data", { class: "soft", value: String(error) }, `± ${shown(error, 2)}`), " ", make("em", {}, word ?? verdict)),
    draw("svg", { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" },
      ...TICKS.map(t => draw("path", { class: t === 0 ? "zero" : "tick", d: `M${x(t)} 2V18` })),
      draw("rect", { class: "bar", x: Math.min(x(0), x(value)), y: 5, width: Math.max(1, Math.abs(x(value) - x(0))), height: 10 }),
      draw("path", { class: "error", d: `M${low} 10H${high}M${low} 6V14M${high} 6V14` }),
      ...TICKS.filter(t => last && Math.abs(t) !== 0.001).map(t => draw("text", { x: x(t), y: 30, "text-anchor": "middle" }, shown(t)))));
}

let width = null; // of the bars, asked of the browser only when it changes
const measured = () => Math.max(220, by("bars").clientWidth);
new ResizeObserver(() => { width = measured(); }).observe(by("bars"));

function bars(answer) {
  width ??= measured();
  const all = [...directions(answer), ...slopes(answer)];
  const rows = all.slice(0, MOST_BARS).map((d, i, some) => bar(d, width, i === some.length - 1));
  if (all.length > MOST_BARS) rows.push(make("p", { class: "hint" }, `and ${all.length - MOST_BARS} greater ones`));
  if (!all.length) rows.push(make("p", { class: "hint" }, "No eigenvalues on S_F belong to this kind of solve."));
  by("bars").replaceChildren(...rows);
}

const word = (pair, i, s) => pair.names?.[i] ?? nameOf(s, pair.components[i] - 1);

/** effectSentence says what the worst pair of components keeps. */
export function effectSentence({ effect }, s) {
  if (!effect?.pairs?.length) return "";
  const [worst] = effect.pairs;
  const share = effect.discriminant_kept == null ? "" : ` ${shown(100 * effect.discriminant_kept)} % of Fisher’s discriminant is kept.`;
  return `${word(worst, 0, s)} and ${word(worst, 1, s)}: ${shown(worst.mahalanobis)} → ${shown(worst.mahalanobis_kept)} standard deviations.${share}` +
    (effect.only_the_mean ? " Only the mean is lost: every difference of components keeps 95 % of its length at least." : "");
}

function pairs({ effect }, s) {
  const some = (effect?.pairs ?? []).slice(0, MOST_PAIRS), most = Math.max(1e-9, ...some.map(p => p.mahalanobis));
  const width = 180, x = v => 6 + v / most * (width - 12);
  by("effect").replaceChildren(...some.map(p => make("p", { class: "pair" },
    make("span", {}, `${word(p, 0, s)} – ${word(p, 1, s)}`),
    draw("svg", { viewBox: `0 0 ${width} 16`, "aria-hidden": "true" },
      draw("path", { class: "tick", d: `M${x(0)} 8H${x(p.mahalanobis)}` }),
      draw("path", { class: "remains", d: `M${x(0)} 8H${x(p.mahalanobis_kept)}` }),
      draw("circle", { class: "before", cx: x(p.mahalanobis), cy: 8, r: 4.5 }),
      draw("circle", { class: "after", cx: x(p.mahalanobis_kept), cy: 8, r: 3.5 })),
    make("span", { class: "numbers" }, `${shown(p.mahalanobis)} → ${shown(p.mahalanobis_kept)}`))));
}

let speak = 0;
const PAUSE = 500; // ms without a change before a verdict is read out

/** showAnswer writes an answer. */
export function showAnswer(answer, s) {
  const head = headline(answer);
  by("reading").className = tone(answer);
  say(by("verdict"), head);
  say(by("grounds"), grounds(answer, s));
  bars(answer);
  const cost = effectSentence(answer, s);
  say(by("effect-sentence"), cost);
  by("effect-title").hidden = !cost;
  pairs(answer, s);
  clearTimeout(speak);
  speak = setTimeout(() => say(by("spoken"), `${head}. ${cost}`), PAUSE);
}

/** stale tells whether what is shown is of an earlier mixture. */
export function stale(is) {
  for (const id of ["reading", "bars", "effect", "effect-sentence"]) by(id).classList.toggle("stale", is);
  by("reading").setAttribute("aria-busy", is);
}

/** complain writes what was wrong, until the next change. */
export function complain(message) {
  say(by("failure"), message);
  by("failure").hidden = false;
}

/** showFailure writes why there is no answer. */
export function showFailure(failure) {
  by("reading").className = "undecided";
  say(by("verdict"), "No answer");
  say(by("grounds"), "");
  complain(failure.message);
  by("bars").replaceChildren();
  by("effect").replaceChildren();
  say(by("effect-sentence"), "");
  by("effect-title").hidden = true;
}
