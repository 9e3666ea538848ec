// The page: one history of states, and what shows them.

import { ask, engine } from "./engine.js";
import { Chart } from "./chart.js";
import { components } from "./components.js";
import { by, choose, say } from "./dom.js";
import { hands } from "./drag.js";
import { gallery } from "./gallery.js";
import { hunt } from "./hunt.js";
import { Live } from "./live.js";
import { losses } from "./losses.js";
import { Plane, nice } from "./plane.js";
import { proof } from "./proof.js";
import { question } from "./question.js";
import { History, doubles, file, given, link, linked, of, options, written } from "./state.js";
import { complain, showAnswer, showFailure, stale } from "./verdicts.js";

const FIRST = of({ name: "two points", weights: ["1", "3"], means: [["2", "0"], ["0", "1"]], covariance: "identity" });
const STEPS = ["1", "1/2", "1/4", "1/10", "1/20", "1/100"], FINE = 150; // grid steps across what is seen
const SLOW = 300; // ms from which on what is shown of an earlier state says so
const LATER = 200; // ms without a change before losses are asked and the address is written

async function start() {
  if (location.hash.length > 1) {
    try { return linked(location.hash); } catch (failure) { return fail(failure); }
  }
  if (engine !== "server") return FIRST;
  try {
    const begun = await ask("start", {});
    return begun?.mixture ? of(begun.mixture, begun.options, begun.names) : FIRST;
  } catch { return FIRST; }
}

function fail(failure) {
  setTimeout(() => complain(failure.message));
  return FIRST;
}

const history = new History(await start());
const plane = new Plane(by("plane"));
let answered = null, later = 0, slow = 0;

// late marks what is shown as of an earlier state, unless an answer comes soon.
function late() {
  slow ||= setTimeout(() => stale(true), SLOW);
}
function inTime(body) {
  clearTimeout(slow);
  slow = 0;
  stale(false);
  if (body.state() !== history.now) late();
}

const live = new Live("answer", (answer, body) => {
  inTime(body);
  answered = answer;
  showAnswer(answer, body.state());
  plane.answered(answer);
}, (failure, body) => {
  inTime(body);
  answered = null;
  showFailure(failure);
  plane.answered(null);
});
const side = losses(history), sideways = new Live("losses", side.show, side.fail);
const body = s => Object.defineProperty({ ...file(s), options: options(s) }, "state", { value: () => s, enumerable: false });

const chosen = () => plane.chosen;
function chooseComponent(k) {
  plane.chosen = k;
  table(history.now);
  plane.show(history.now, answered);
  chart.about(k);
}
const table = components(history, chooseComponent, chosen);
const controls = question(history), chart = new Chart(history, plane, () => settle()), forget = proof(history, by("plane"));
hunt(history);
hands(plane, history, () => by("step").value, chooseComponent);

function show(s, settled) {
  const since = performance.now();
  by("failure").hidden = true;
  say(by("name"), s.name);
  late();
  live.ask(body(s), since); // the answer is on its way while the rest is drawn
  plane.show(s, answered);
  table(s);
  controls(s);
  side.mark();
  side.stale();
  by("undo").disabled = !history.canUndo;
  by("redo").disabled = !history.canRedo;
  if (settled) {
    axes(s);
    chart.show(s);
  } else {
    chart.follow();
  }
  clearTimeout(later);
  later = setTimeout(settle, LATER);
}

// whole is the address of all that is seen.
function whole() {
  const choice = plane.choice === "fisher" ? "fisher" : plane.choice.map(i => i + 1).join();
  const usual = history.now.means[0].length > 2 ? "fisher" : "1,2";
  return "#" + link(history.now) + [...(choice === usual ? [] : [["plane", choice]]), ...chart.link].map(part => "&" + written([part])).join("");
}

// look reads the part of an address that is not of the mixture.
function look() {
  const from = given(location.hash), choice = from.get("plane"), d = history.now.means[0].length;
  plane.look(choice === "fisher" || !choice && d > 2 ? "fisher" : choice && /^\d+,\d+$/.test(choice) ? choice.split(",").map(i => i - 1) : [0, 1]);
  chart.linked(from);
}

let proved = "";
function settle() {
  const address = whole();
  if (location.hash !== address) window.history.replaceState(null, "", address);
  const asked = JSON.stringify(body(history.now));
  if (proved && proved !== asked) forget();
  sideways.ask(file(history.now));
  proved = asked;
}

function axes(s) {
  const d = s.means[0].length, all = d > 2 ? [["fisher", "Fisher plane"]] : [];
  for (let i = 0; i < Math.min(d, 6); i++) for (let j = i + 1; j < Math.min(d, 6); j++) all.push([`${i},${j}`, `x${i + 1}, x${j + 1}`]);
  if (d === 1) all.push(["0,1", "x1"]);
  const now = plane.choice === "fisher" ? "fisher" : plane.choice.join(",");
  choose(by("axes"), all, all.some(([v]) => v === now) ? now : all[0][0]);
}
by("axes").addEventListener("change", e => {
  plane.look(e.target.value === "fisher" ? "fisher" : e.target.value.split(",").map(Number));
  plane.show(history.now, answered);
  chart.show(history.now);
  settle();
});

// A grid step that suits what is seen, until the user chooses one.
function suit() {
  const span = Math.max(...plane.mixture.means.flat().map(Math.abs), 1) * 2, wanted = nice(span / FINE);
  choose(by("step"), STEPS.map(s => [s, s]), wanted >= 1 ? "1" : wanted >= 0.5 ? "1/2" : wanted >= 0.1 ? "1/10" : wanted >= 0.02 ? "1/20" : "1/100");
}

by("undo").addEventListener("click", () => history.undo());
by("redo").addEventListener("click", () => history.redo());
by("fit").addEventListener("click", () => { plane.fit(); plane.show(history.now, answered); });
by("closer").addEventListener("click", () => plane.zoom(1.3));
by("farther").addEventListener("click", () => plane.zoom(1 / 1.3));
by("copy").addEventListener("click", async () => {
  settle();
  try { await navigator.clipboard.writeText(location.href); by("copy").textContent = "Copied"; } catch { by("copy").textContent = "It is in the address"; }
  setTimeout(() => { by("copy").textContent = "Copy link"; }, 2000);
});
addEventListener("keydown", e => {
  if (!(e.ctrlKey || e.metaKey) || e.altKey || e.target.matches("input:not([type=range],[type=radio],[type=checkbox])")) return;
  const key = e.key.toLowerCase();
  if (key === "z" || key === "y") {
    e.preventDefault();
    if (key === "y" || e.shiftKey) history.redo(); else history.undo();
  }
});
addEventListener("hashchange", () => {
  if (location.hash === whole()) return;
  try { history.keep(linked(location.hash)); look(); show(history.now, true); } catch (failure) { complain(failure.message); }
});

look();
plane.mixture = doubles(history.now);
suit();
history.listen(show);
show(history.now, true);
gallery(history);
if (engine === "wasm" && "serviceWorker" in navigator) navigator.serviceWorker.register("sw.js");
