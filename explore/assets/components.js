// The table of the mixture: weights as sliders, means and covariances as exact numbers.

import { by, make, say } from "./dom.js";
import { identity } from "./algebra.js";
import { mean, negated, parse, plain, plus, rounded, shown, value } from "./number.js";
import { chosen as howSolved, doubles, exactly, matrices, of, own } from "./state.js";
import { complain } from "./verdicts.js";

const WIDEST = 8; // coordinates with a box each
const LEAST = 1e-3; // share at the left end of a slider; the right end is 1 − LEAST
const odds = share => Math.log(share / (1 - share));

/** components connects the table with the history; choose(k) chooses a component, chosen() is the chosen one. */
export function components(history, choose, chosen) {
  const list = by("components");
  let shape = "";

  const change = (name, at, text, state = history.now) => {
    const copy = structuredClone(state[name]);
    at.slice(0, -1).reduce((x, i) => x[i], copy)[at.at(-1)] = text;
    return { [name]: copy };
  };
  const typed = (name, at, positive) => ({
    size: 7, spellcheck: "false", autocomplete: "off",
    change: e => {
      const r = parse(e.target.value);
      if (!r || positive && r.n <= 0n) return invalid(e.target, positive);
      e.target.removeAttribute("aria-invalid");
      const places = typeof at === "function" ? at() : [at];
      history.keep(places.reduce((now, place) => ({ ...now, ...change(name, place, plain(e.target.value), now) }), history.now));
    },
  });

  function row(k, d) {
    const slider = make("input", {
      type: "range", min: odds(LEAST), max: odds(1 - LEAST), step: "any", "aria-label": `Weight of component ${k + 1}`,
      input: e => history.move(change("weights", [k], share(k, 1 / (1 + Math.exp(-Number(e.target.value)))))),
      change: () => history.keep(),
    });
    const means = d <= WIDEST ? [...Array(d).keys()].map(i => make("input", { "aria-label": `Mean ${i + 1} of component ${k + 1}`, ...typed("means", [k, i]) }))
      : [make("input", { class: "long", "aria-label": `Mean of component ${k + 1}`, spellcheck: "false", change: e => {
        const numbers = e.target.value.split(/[\s,;]+/).filter(Boolean);
        if (numbers.length !== d || !numbers.every(parse)) return invalid(e.target, false);
        e.target.removeAttribute("aria-invalid");
        history.keep(change("means", [k], numbers.map(plain)));
      } })];
    return make("li", { "data-k": k },
      make("button", { type: "button", class: "number", "aria-label": `Choose component ${k + 1}`, "aria-pressed": "false", click: () => choose(k) }, String(k + 1)),
      make("span", { class: "weight" }, make("input", { "aria-label": `Weight of component ${k + 1}, exactly`, ...typed("weights", [k], true) }), slider, make("output", {})),
      make("span", { class: "mean" }, "μ", ...means),
      make("button", { type: "button", class: "quiet", "aria-label": `Remove component ${k + 1}`, click: () => remove(k) }, "×"));
  }

  // share is the weight of k, on the scale of the others, that has a share of all.
  function share(k, wanted) {
    const others = history.now.weights.reduce((s, w, i) => s + (i === k ? 0 : value(w)), 0);
    return others === 0 ? "1" : rounded(others * wanted / (1 - wanted), 3);
  }

  function remove(k) {
    const s = history.now, without = list => list.filter((_, i) => i !== k);
    if (s.weights.length === 1) return;
    history.keep({ weights: without(s.weights), means: without(s.means), names: without(s.names), covariance: own(s) ? without(s.covariance) : s.covariance });
  }

  by("add").addEventListener("click", () => {
    const s = history.now, m = doubles(s), middle = m.means[0].map((_, i) => m.means.reduce((t, x) => t + x[i], 0) / m.means.length);
    const mean = middle.map((x, i) => rounded(x + (i === 0 ? 1 : i === 1 ? -1 : 0), 3)), weight = rounded(s.weights.reduce((t, w) => t + value(w), 0) / s.weights.length, 3);
    history.keep({ weights: [...s.weights, weight], means: [...s.means, mean], covariance: own(s) ? [...s.covariance, s.covariance.at(-1)] : s.covariance });
    choose(s.weights.length);
  });
  by("centre").addEventListener("click", () => {
    const { weights, means } = history.now, off = means[0].map((_, i) => negated(mean(weights, means.map(m => m[i]))));
    history.keep({ means: means.map(m => m.map((x, i) => plus(x, off[i]))) });
  });
  by("open").addEventListener("change", async e => {
    try {
      history.keep(of(exactly(await e.target.files[0].text()), howSolved(history.now)));
    } catch (failure) {
      complain(`Not a mixture file: ${failure.message}`);
    }
    e.target.value = "";
  });

  const kinds = [["identity", "identity"], ["shared", "one for all"], ["own", "each its own"]].map(([kind, word]) => make("label", {},
    make("input", { type: "radio", name: "covariance-kind", value: kind, change: () => covariance(kind) }), ` ${word} `));
  by("covariance-kind").append(...kinds);
  const kindOf = s => (s.covariance === "identity" ? "identity" : own(s) ? "own" : "shared");
  function covariance(kind) {
    const s = history.now, all = matrices(s), plain = identity(s.means[0].length).map(r => r.map(String));
    history.keep({ covariance: kind === "identity" ? "identity" : kind === "shared" ? all[chosen()] ?? all[0] : s.means.map((_, k) => all[k] ?? all[0] ?? plain) });
  }

  function matrix(s) {
    const d = s.means[0].length, k = own(s) ? chosen() : 0, name = `${kindOf(s)} ${d} ${k}`, box = by("matrix");
    if (kindOf(s) === "identity" || d > WIDEST) {
      box.replaceChildren(...(d > WIDEST && kindOf(s) !== "identity" ? [make("p", { class: "hint" }, `${d} by ${d}; its handles turn it in the plane`)] : []));
      box.dataset.shape = "";
      return;
    }
    if (box.dataset.shape !== name) {
      const at = (i, j) => (own(s) ? [k, i, j] : [i, j]);
      box.replaceChildren(...(own(s) ? [make("p", { class: "hint" }, `of component ${k + 1}`)] : []), make("div", { class: "entries", "data-d": d }, ...[...Array(d).keys()].map(i => make("p", {}, ...[...Array(d).keys()].map(j =>
        make("input", { "aria-label": `Covariance ${i + 1}, ${j + 1}`, ...typed("covariance", () => (i === j ? [at(i, j)] : [at(i, j), at(j, i)])) }))))));
      box.dataset.shape = name;
    }
    const exact = matrices(s)[k].flat();
    box.querySelectorAll("input").forEach((input, i) => write(input, exact[i]));
  }

  return function show(s) {
    const d = s.means[0].length, now = `${s.means.length} ${d}`, { shares } = doubles(s);
    if (now !== shape) {
      list.replaceChildren(...s.means.map((_, k) => row(k, d)));
      for (const sole of list.querySelectorAll("[type=range], .quiet")) sole.disabled = s.means.length === 1;
      shape = now;
    }
    [...list.children].forEach((li, k) => {
      const on = k === chosen();
      li.classList.toggle("chosen", on);
      const choice = li.querySelector(".number");
      if (choice.ariaPressed !== String(on)) choice.ariaPressed = on;
      const [weight, slider] = li.querySelectorAll(".weight input");
      write(weight, s.weights[k]);
      const share = `${shown(100 * shares[k])} %`;
      if (slider.ariaValueText !== share) {
        if (!slider.matches(":active")) slider.value = odds(Math.min(1 - LEAST, Math.max(LEAST, shares[k])));
        slider.ariaValueText = share;
        say(li.querySelector("output"), share);
      }
      const inputs = li.querySelectorAll(".mean input");
      if (d > WIDEST) write(inputs[0], s.means[k].join(", "));
      else inputs.forEach((input, i) => write(input, s.means[k][i]));
    });
    for (const radio of by("covariance-kind").querySelectorAll("input")) if (radio.checked !== (radio.value === kindOf(s))) radio.checked = !radio.checked;
    matrix(s);
  };
}

function invalid(input, positive) {
  input.setAttribute("aria-invalid", "true");
  complain(`Expected ${positive ? "a positive decimal or fraction" : "a decimal or fraction"}, found “${input.value}”`);
}

// write leaves alone what is being typed.
function write(input, text) {
  if (input === document.activeElement && input.matches("[aria-invalid]")) return;
  if (input.value !== text) input.value = text;
  input.removeAttribute("aria-invalid");
}
