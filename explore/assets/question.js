// What is asked of the mixture: loss, score, map of the representation, negatives, δ.

import { by, choose, set } from "./dom.js";
import { parse, plain, value } from "./number.js";
import { EXTRA, chosen, takes } from "./state.js";
import { complain } from "./verdicts.js";

const LOSSES = [["infonce", "InfoNCE"], ["sigmoid", "sigmoid"], ["triplet", "logistic triplet"], ["hinge", "hinge triplet"], ["dv", "Donsker–Varadhan"], ["agreement", "agreement"], ["spectral", "spectral"]];
const SCORES = [["dot", "dot product"], ["distance", "distance"], ["cosine", "cosine"]];
// What is served of each loss; affine maps with InfoNCE of dot products alone.
const OF = { distance: ["infonce", "sigmoid", "triplet", "hinge"], cosine: ["infonce", "sigmoid"] };
const scoresOf = loss => ["dot", ...Object.keys(OF).filter(score => OF[score].includes(loss))];
const affineOf = s => s.loss === "infonce" && s.score === "dot";
const MAPS = [["linear", "linear"], ["affine", "affine"]];
const WORDS = { negatives: "inf", bias: "free" }; // that may stand in the place of a number
const USUAL = { infonce: "inf", sigmoid: "1" };

const COUNTS = ["1", "2", "3", "4", "6", "8", "12", "16", "24", "32", "48", "64", "96", "128", "192", "256", "512", "1024", "inf"]; // along the slider
const nearest = text => (text === "inf" ? COUNTS.length - 1 : COUNTS.findIndex(n => n === "inf" || value(n) >= value(text)));

/** titleOf is a loss's name for people. */
export const titleOf = word => LOSSES.find(([w]) => w === word)?.[1] ?? word;

/** question connects the controls with the history and returns what shows a state in them. */
export function question(history) {
  by("question").addEventListener("submit", e => e.preventDefault());
  for (const name of ["loss", "score", "map"]) by(name).addEventListener("change", e => history.keep(served({ ...history.now, [name]: e.target.value }, name)));
  // served is what is chosen, and of the rest what goes with it.
  function served({ loss, score, map, negatives }, name) {
    if (!scoresOf(loss).includes(score)) score = "dot";
    if (!affineOf({ loss, score })) map = "linear";
    const usual = USUAL[loss] ?? "inf";
    return { loss, score, map, negatives: name === "loss" || map === "affine" || loss === "infonce" && score === "distance" ? usual : negatives };
  }
  for (const name of EXTRA) by(name).addEventListener("change", e => number(e.target, name));
  function number(input, name) {
    const text = plain(input.value), right = text === WORDS[name] || (parse(text) && (name === "bias" || value(text) > 0));
    set(input, { "aria-invalid": !right && "true" });
    if (right) return history.keep({ [name]: text });
    complain(`${name}: expected ${name === "bias" ? "a number" : "a positive number"}${WORDS[name] ? ` or ${WORDS[name]}` : ""}, found “${text}”`);
  }
  by("negatives-slider").max = COUNTS.length - 1;
  by("negatives-slider").addEventListener("input", e => history.move({ negatives: COUNTS[e.target.value] }));
  by("negatives-slider").addEventListener("change", () => history.keep());
  by("delta-slider").addEventListener("input", e => history.move({ delta: e.target.value }));
  by("delta-slider").addEventListener("change", () => history.keep());
  by("delta").addEventListener("change", e => {
    const right = parse(e.target.value) && value(e.target.value) >= 0 && value(e.target.value) <= 1;
    set(e.target, { "aria-invalid": !right && "true" });
    if (right) return history.keep({ delta: plain(e.target.value) });
    complain(`Expected δ in [0, 1], a decimal or fraction, found “${e.target.value}”`);
  });
  let shown = "";
  return function show(s) {
    const now = JSON.stringify(chosen(s)) + s.delta;
    if (now === shown) return; // a mean was moved
    shown = now;
    choose(by("loss"), LOSSES, s.loss);
    choose(by("score"), SCORES, s.score);
    choose(by("map"), MAPS, s.map);
    for (const option of by("score").options) option.disabled = !scoresOf(s.loss).includes(option.value);
    for (const option of by("map").options) option.disabled = option.value === "affine" && !affineOf(s);
    for (const name of EXTRA) {
      by(name).parentElement.hidden = !takes(s, name);
      if (by(name).value !== s[name]) by(name).value = s[name];
    }
    by("negatives-slider").hidden = !takes(s, "negatives");
    by("negatives-slider").value = nearest(s.negatives);
    by("negatives-slider").setAttribute("aria-valuetext", s.negatives);
    if (by("delta").value !== s.delta) by("delta").value = s.delta;
    if (value(by("delta-slider").value) !== value(s.delta)) by("delta-slider").value = value(s.delta);
  };
}
