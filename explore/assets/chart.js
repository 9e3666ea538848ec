// The map of verdicts over two parameters, computed in the background.

import { ask } from "./engine.js";
import { by, choose, draw, say } from "./dom.js";
import { parse, plain, rounded, shown, value } from "./number.js";
import { around, coordinate, parameters, read, written } from "./parameters.js";
import { doubles, file, ofCosines, options } from "./state.js";

const PAUSE = 350; // ms without a change before a map is drawn anew
const FAINT = 0.28, PALEST = 1e-5, FULL = 0.3; // opacity of the least margin that shows, and margins at both ends

const COARSE = 4, UNSURE = 0.5; // every so many cells are computed first; what stands for others is paler
const USUAL = { x: { parameter: "means[0][0]" }, y: { parameter: "means[0][1]" } };

/** Chart draws the map and goes where it is clicked. */
export class Chart {
  #history; #plane; #control = null; #later = 0; #drawn = ""; #cells = []; #asked = null; #frame = 0; #moved; #framed = ""; #said = "";

  /** moved is called when what is mapped changes by hand. */
  constructor(history, plane, moved) {
    Object.assign(this, { x: { ...USUAL.x }, y: { ...USUAL.y } });
    this.#history = history;
    this.#moved = () => { this.show(history.now); moved(); };
    this.#plane = plane;
    for (const axis of ["x", "y"]) {
      by(`${axis}-parameter`).addEventListener("change", e => { this[axis] = { parameter: e.target.value }; this.#recentre(axis); this.#soon(0); this.#moved(); });
      for (const end of ["from", "to"]) by(`${axis}-${end}`).addEventListener("change", e => { if (parse(e.target.value)) { this[axis][end] = plain(e.target.value); this[axis].typed = true; this.#soon(0); this.#moved(); } });
    }
    by("steps").addEventListener("change", () => this.#soon(0));
    by("around").addEventListener("click", () => { this.#recentre("x"); this.#recentre("y"); this.#soon(0); this.#moved(); });
    by("stop-map").addEventListener("click", () => { this.#control?.abort(); by("keep-map").checked = false; });
    by("keep-map").addEventListener("change", () => this.#soon(0));
    by("under").addEventListener("change", () => this.#underPlane());
    by("cells").addEventListener("click", e => this.#go(e));
    by("cells").addEventListener("keydown", e => this.#press(e));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#paint());
  }

  /** show follows a state: the dot at once, the map when its own parameters aren't all that changed. */
  show(s) {
    const all = parameters(s), frame = [this.#plane.scale, this.#plane.centre].join();
    if (frame !== this.#framed) { // the plane shows another part
      this.#framed = frame;
      for (const axis of ["x", "y"]) if (!this[axis].typed && coordinate(this[axis].parameter)) this.#recentre(axis);
    }
    for (const axis of ["x", "y"]) {
      if (!all.some(([key]) => key === this[axis].parameter)) this[axis] = { parameter: axis === "x" ? "weights[0]" : "delta" };
      if (this[axis].from === undefined) this.#recentre(axis);
      choose(by(`${axis}-parameter`), all, this[axis].parameter);
      const name = all.find(([key]) => key === this[axis].parameter)[1];
      say(by(axis === "x" ? "across" : "up"), axis === "x" ? `${name} →` : `↑ ${name}`);
      for (const end of ["from", "to"]) if (by(`${axis}-${end}`) !== document.activeElement) by(`${axis}-${end}`).value = this[axis][end];
    }
    this.follow();
    this.#underPlane();
    if (by("keep-map").checked) this.#soon(PAUSE);
  }

  /** follow moves the dot, and says whether the map is of an earlier mixture. */
  follow() {
    this.#dot();
    const old = this.#old, chart = by("chart");
    if (old === chart.classList.contains("stale")) return;
    chart.classList.toggle("stale", old);
    this.#underPlane();
    say(by("map-said"), old ? "This map is of an earlier mixture, or of other ranges." : this.#said);
  }

  get #old() { return this.#cells.length > 0 && JSON.stringify(this.#question()) !== JSON.stringify(this.#asked); }

  /** link is what of the map is in the address: parameters, and ranges that were typed. */
  get link() {
    const { x, y } = this, at = coordinate(x.parameter);
    const usual = at && at.i === 0 && y.parameter === `means[${at.k}][1]` && !x.typed && !y.typed;
    return usual ? [] : ["x", "y"].map(axis => [axis, [this[axis].parameter, ...(this[axis].typed ? [this[axis].from, this[axis].to] : [])].join()]);
  }

  /** linked reads what link wrote. */
  linked(from) {
    for (const axis of ["x", "y"]) {
      const [parameter, low, high] = (from.get(axis) ?? "").split(",");
      if (!parameter) continue;
      this[axis] = { parameter };
      if (parse(low) && parse(high)) Object.assign(this[axis], { from: plain(low), to: plain(high), typed: true });
    }
  }

  /** about maps the coordinates of a component that was chosen, where they were mapped before. */
  about(k) {
    const [x, y] = [this.x, this.y].map(a => coordinate(a.parameter));
    if (!x || !y || x.k !== y.k || x.k === k) return;
    this.x = { parameter: `means[${k}][${x.i}]` };
    this.y = { parameter: `means[${k}][${y.i}]` };
    this.show(this.#history.now);
  }

  // #recentre gives an axis the range that the plane shows, or one about the present value.
  #recentre(axis) {
    this[axis].typed = false;
    const s = this.#history.now, m = doubles(s), at = coordinate(this[axis].parameter), place = at && this.#plane.exact ? this.#plane.exact.indexOf(at.i) : -1;
    if (place < 0) {
      const spread = Math.max(...m.means.flat().map(Math.abs), 1);
      return void Object.assign(this[axis], around(s, this[axis].parameter, Math.max(0.6 * spread, 1)));
    }
    const { width, height } = this.#plane.size, low = this.#plane.from([0, height])[place], high = this.#plane.from([width, 0])[place];
    Object.assign(this[axis], { from: rounded(low, 3), to: rounded(high, 3) });
  }

  #soon(pause) {
    clearTimeout(this.#later);
    this.#later = setTimeout(() => this.#start(), pause);
  }

  // A map is the same whatever the values of its own two parameters.
  #question() {
    const s = this.#history.now, steps = Number(by("steps").value);
    const blank = [this.x, this.y].reduce((now, a) => ({ ...now, ...written(now, a.parameter, a.from) }), s);
    const axis = a => ({ parameter: a.parameter, from: a.from, to: a.to, steps });
    return { mixture: file(blank), options: options(s), x: axis(this.x), y: axis(this.y) };
  }

  async #start() {
    const question = this.#question(), key = JSON.stringify(question);
    if (key === this.#drawn) return;
    this.#control?.abort();
    if (ofCosines(this.#history.now)) return this.#none("There are no maps of cosines.");
    const control = this.#control = new AbortController(), began = performance.now(), steps = question.x.steps;
    this.#drawn = key;
    this.#asked = question;
    this.#cells = Array.from({ length: steps }, () => new Array(steps).fill(null));
    by("stop-map").disabled = false;
    this.follow();
    this.#say("Drawing…");
    const onPart = ({ row, cells }) => {
      if (control.signal.aborted || row === undefined) return;
      cells.forEach((c, i) => { if (c) this.#cells[row][i] = c; });
      this.#soonPaint();
    };
    try {
      await ask("map", question, { onPart, signal: control.signal });
      performance.measure("map", { start: began, end: performance.now() });
      this.#summary(performance.now() - began);
    } catch (failure) {
      if (this.#drawn === key) this.#drawn = "";
      if (this.#control === control) this.#say(failure.name === "AbortError" ? "Stopped." : failure.message);
    }
    if (this.#control === control) by("stop-map").disabled = true;
    this.#soonPaint();
  }

  // none clears the map and says why.
  #none(why) {
    this.#drawn = "";
    this.#cells = this.#cells.map(row => row.map(() => null));
    by("stop-map").disabled = true;
    say(by("map-said"), why);
    this.#soonPaint();
  }

  #summary(took) {
    const all = this.#cells.flat().filter(Boolean), count = word => all.filter(c => c.verdict === word).length;
    const share = word => `${Math.round(100 * count(word) / (all.length || 1))} %`;
    const said = `Holds in ${share("holds")}, refuted in ${share("refuted")}, undecided in ${share("undecided")} of ${all.length} cells; ${shown(took / 1000, 2)} s.`;
    this.#say(said);
    by("cells").setAttribute("aria-label", `Map of verdicts. ${said} Arrow keys move the mixture by a cell.`);
  }

  #say(text) {
    this.#said = text;
    if (!by("chart").classList.contains("stale")) say(by("map-said"), text);
  }

  #soonPaint() {
    if (!this.#frame) this.#frame = requestAnimationFrame(() => { this.#frame = 0; this.#paint(); this.#underPlane(true); });
  }

  #paint() {
    const canvas = by("cells"), n = this.#cells.length;
    if (!n) return;
    if (canvas.width !== n) canvas.width = canvas.height = n;
    const style = getComputedStyle(document.documentElement), context = canvas.getContext("2d"), picture = context.createImageData(n, n);
    const colours = Object.fromEntries([["holds", "--kept"], ["refuted", "--lost"], ["undecided", "--undecided"]].map(([v, name]) => [v, rgb(style.getPropertyValue(name))]));
    this.#cells.forEach((row, j) => row.forEach((known, i) => {
      const cell = known ?? this.#cells[j - j % COARSE][i - i % COARSE];
      if (!cell) return;
      const size = Math.abs(cell.margin ?? 0), strength = Math.min(1, Math.max(0, Math.log(size / PALEST) / Math.log(FULL / PALEST))) || 0;
      picture.data.set([...colours[cell.verdict] ?? colours.undecided, 255 * (known ? 1 : UNSURE) * (cell.verdict === "undecided" ? 0.5 : FAINT + (1 - FAINT) * strength)], 4 * ((n - 1 - j) * n + i));
    }));
    context.putImageData(picture, 0, 0);
    this.#dot();
  }

  // place is where the mixture lies in the map, as shares of its sides from the lower left corner.
  #place() {
    const s = this.#history.now, share = a => (value(read(s, a.parameter)) - value(a.from)) / (value(a.to) - value(a.from)), steps = this.#cells.length || 40;
    return [this.x, this.y].map(a => (share(a) * (steps - 1) + 0.5) / steps); // cells are centred on their values
  }

  #dot() {
    let dot = by("chart").querySelector("svg");
    if (!dot) {
      dot = draw("svg", { viewBox: "0 0 100 100", class: "dot", "aria-hidden": "true" }, draw("circle", { class: "halo", r: 2.6 }), draw("circle", { r: 1.7 }));
      by("chart").append(dot);
    }
    const [x, y] = this.#place();
    for (const c of dot.children) { c.setAttribute("cx", 100 * x); c.setAttribute("cy", 100 * (1 - y)); }
  }

  #step(axis, cells) {
    const a = this[axis], steps = this.#cells.length || 40, from = value(a.from), width = (value(a.to) - from) / (steps - 1);
    return from + width * cells;
  }

  #go(e) {
    const box = by("cells").getBoundingClientRect(), steps = this.#cells.length || 40, s = this.#history.now;
    const cell = [(e.clientX - box.left) / box.width, 1 - (e.clientY - box.top) / box.height].map(t => Math.min(steps - 1, Math.max(0, t * steps - 0.5)));
    this.#history.keep(this.#set(s, cell));
  }

  #set(s, [x, y]) {
    const there = written(s, this.x.parameter, rounded(this.#step("x", x), 5));
    return { ...there, ...written({ ...s, ...there }, this.y.parameter, rounded(this.#step("y", y), 5)) };
  }

  #press(e) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[e.key], steps = this.#cells.length || 40;
    if (!way || e.ctrlKey || e.metaKey) return;
    e.preventDefault();
    const now = this.#place().map(t => t * steps - 0.5);
    this.#history.keep(this.#set(this.#history.now, now.map((c, i) => Math.min(steps - 1, Math.max(0, Math.round(c) + way[i])))));
  }

  // The map lies under the plane where both are of the same two coordinates.
  #underPlane(changed) {
    const layer = this.#plane.layers.under, x = coordinate(this.x.parameter), y = coordinate(this.y.parameter), exact = this.#plane.exact;
    const fits = x && y && x.k === y.k && exact && exact[0] === x.i && exact[1] === y.i && this.#cells.length;
    by("under").disabled = !fits;
    if (!fits || !by("under").checked || this.#old) return layer.replaceChildren();
    let image = layer.querySelector("image");
    if (!image || changed) {
      image = draw("image", { href: by("cells").toDataURL(), preserveAspectRatio: "none" });
      layer.replaceChildren(image);
    }
    const half = a => (value(a.to) - value(a.from)) / (this.#cells.length - 1) / 2, a = this.#asked;
    const [left, top] = this.#plane.at([value(a.x.from) - half(a.x), value(a.y.to) + half(a.y)]), [right, bottom] = this.#plane.at([value(a.x.to) + half(a.x), value(a.y.from) - half(a.y)]);
    for (const [name, v] of Object.entries({ x: left, y: top, width: right - left, height: bottom - top })) image.setAttribute(name, v.toFixed(2));
  }
}

const rgb = hex => [1, 3, 5].map(i => parseInt(hex.trim().slice(i, i + 2), 16));
