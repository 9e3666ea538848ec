// The stored counterexamples, each with a sentence.

import { ask } from "./engine.js";
import { by, draw, make, rich } from "./dom.js";
import { doubles, of } from "./state.js";

const FIRST = 11; // that are shown at first

/** gallery fills the list; one that is clicked is looked at. */
export async function gallery(history) {
  try {
    const all = await ask("gallery", {});
    const cards = all.flatMap(entry => {
      try { return [card(history, entry, of(entry.mixture, entry.options))]; } catch { return []; } // of two modalities
    });
    const rest = cards.slice(FIRST);
    const more = make("li", {}, make("button", { type: "button", click: () => { more.replaceWith(...rest); rest[0].firstChild.focus(); } }, `${rest.length} more`));
    by("stored").replaceChildren(...cards.slice(0, FIRST), ...(rest.length ? [more] : []));
  } catch (failure) {
    by("stored").replaceChildren(make("li", { class: "hint" }, failure.message));
  }
}

function card(history, { name, sentence }, state) {
  return make("li", {}, make("button", { type: "button", click: () => { history.keep({ ...state, name: state.name || name }); scrollTo({ top: 0, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" }); } },
    thumbnail(state), make("span", {}, make("b", {}, name), make("span", { class: "soft" }, ...rich(sentence)))));
}

// thumbnail shows the means in their first two coordinates.
function thumbnail(state) {
  const m = doubles(state), points = m.means.map(x => [x[0], x[1] ?? 0]);
  const low = [0, 1].map(i => Math.min(0, ...points.map(p => p[i]))), high = [0, 1].map(i => Math.max(0, ...points.map(p => p[i])));
  const scale = 32 / Math.max(high[0] - low[0], high[1] - low[1], 1e-9), at = (p, i) => 22 + (p[i] - (low[i] + high[i]) / 2) * scale * (i ? -1 : 1);
  return draw("svg", { viewBox: "0 0 44 44", width: 44, height: 44, "aria-hidden": "true" },
    draw("path", { class: "tick", d: `M${at([0, 0], 0)} 0V44M0 ${at([0, 0], 1)}H44` }),
    ...points.map((p, k) => draw("circle", { class: "mass", cx: at(p, 0), cy: at(p, 1), r: Math.max(1.8, 7 * Math.sqrt(m.shares[k])) })));
}
