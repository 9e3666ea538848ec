// All losses side by side for the present mixture.

import { by, make } from "./dom.js";
import { shown } from "./number.js";
import { titleOf } from "./question.js";

/** losses returns what shows the answer of all losses; a row that is clicked becomes the question. */
export function losses(history) {
  let rows = [];
  const choose = r => history.keep({ loss: r.loss, score: r.score, map: r.map, negatives: String(r.negatives ?? "inf"), bias: "free" });
  const asked = r => r.loss === history.now.loss && r.score === history.now.score && r.map === history.now.map && (r.negatives === undefined || String(r.negatives) === history.now.negatives) && (r.bias === undefined || history.now.bias === "free");

  function mark() {
    by("losses-table").querySelectorAll("tbody tr").forEach((tr, i) => tr.classList.toggle("chosen", asked(rows[i])));
  }

  function line(r) {
    const state = r.lost ? "lost" : r.undecided || r.equality === "undecided" ? "undecided" : "kept";
    const all = (r.kept ?? 0) + (r.lost ?? 0) + (r.undecided ?? 0);
    const dots = make("span", { class: "dots", role: "img", "aria-label": `${r.kept ?? 0} kept, ${r.lost ?? 0} lost, ${r.undecided ?? 0} undecided` },
      ...["kept", "undecided", "lost"].flatMap(kind => [...Array(Math.min(8, r[kind] ?? 0))].map(() => make("i", { class: kind }))));
    const name = titleOf(r.loss) + (r.score === "dot" ? "" : `, ${r.score}`) + (r.map === "linear" || !r.map ? "" : `, ${r.map}`);
    return make("tr", { class: state },
      make("th", { scope: "row" }, make("button", { type: "button", class: "link", click: () => choose(r) }, name)),
      make("td", {}, r.negatives === undefined ? "" : r.negatives === "inf" ? "∞" : String(r.negatives)),
      make("td", { class: "verdict" }, dots, " ", all ? (r.lost ? `${r.lost} lost` : r.undecided ? `${r.undecided} undecided` : "all kept") : r.reason ?? r.equality ?? ""),
      make("td", {}, r.margin == null ? "" : shown(r.margin), make("span", { class: "soft" }, r.epsilon == null ? "" : ` ± ${shown(r.epsilon, 2)}`, r.grade && r.grade !== "bounded" ? ` ${r.grade}` : "")));
  }

  return {
    mark,
    stale: () => by("losses-table").classList.add("stale"),
    fail: failure => by("losses-table").replaceChildren(make("p", { class: "hint" }, failure.message)),
    show(answer) {
      rows = answer;
      const head = ["Loss", "Negatives", "Directions", "Least eigenvalue"].map(h => make("th", { scope: "col" }, h));
      by("losses-table").replaceChildren(make("table", {}, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows.map(line))), make("p", { class: "hint" }, "Bounded, where nothing else is said. A loss that is clicked is the one that is asked about."));
      by("losses-table").classList.remove("stale");
      mark();
    },
  };
}
