// The plane: components with their ellipses, the Fisher subspace, and what A* keeps of it.

import * as algebra from "./algebra.js";
import * as geometry from "./plane_geometry.js";
import { by, draw, say, set } from "./dom.js";
import { shown } from "./number.js";
import { centred, doubles, nameOf, own } from "./state.js";

const MARGIN = 26, HEAVIEST = 26, LIGHTEST = 3.5; // px; radius of a component of weight 1, and least radius
const HANDLE = 5, APART = 16; // px: half a handle's side, and how far it is at least from the disc, so that a finger can tell them apart
const REACH = 22; // px about the middle of what can be taken
const LABELLED = 9; // px, radius from which on a number fits in

/** Plane draws a state into an svg. */
export class Plane {
  constructor(svg) {
    this.svg = svg;
    this.chosen = 0;
    this.choice = [0, 1];
    this.held = null; // while something is dragged: {ellipse} or {}
    this.layers = Object.fromEntries(["under", "grid", "spaces", "ellipses", "points", "handles"].map(name => [name, draw("g", { class: name })]));
    svg.append(...Object.values(this.layers));
    this.#measure();
    new ResizeObserver(() => { this.#measure(); if (this.state) { this.fit(); this.show(this.state, this.answer); } }).observe(svg);
  }

  /** show draws a state, and an answer to it or to one shortly before. */
  show(state, answer) {
    this.state = state;
    this.answer = answer;
    this.mixture = doubles(state);
    this.chosen = Math.min(this.chosen, state.means.length - 1);
    if (!this.held || !this.axes) this.#look();
    if (!this.scale || !this.held && this.#misfits()) this.fit();
    this.#grid();
    this.#components();
    this.#subspaces();
    this.#handles();
  }

  /** answered draws a new answer to what is shown. */
  answered(answer) {
    this.answer = answer;
    this.#subspaces();
  }

  #look() {
    const { mixture, state } = this;
    if (mixture.dimension === 1) {
      Object.assign(this, { axes: [[1], [0]], names: ["x₁", ""], exact: [0, null] });
      return;
    }
    const choice = this.choice === "fisher" || this.choice.every(i => i < mixture.dimension) ? this.choice : [0, 1];
    Object.assign(this, geometry.plane(mixture, choice, centred(state), choice === "fisher" ? this.axes : null));
  }

  /** look chooses the plane: "fisher" or two coordinates. */
  look(choice) {
    this.choice = choice;
    this.axes = null;
    this.scale = null;
  }

  // The size is asked of the browser once: to ask at every movement would lay the page out each time.
  #measure() { this.size = { width: this.svg.clientWidth || 600, height: this.svg.clientHeight || 480 }; }

  #extent() {
    const points = [[0, 0]];
    this.mixture.means.forEach((m, k) => {
      const [px, py] = geometry.seen(this.axes, m), [[a], [, c]] = this.form(k);
      points.push([px - 1.3 * Math.sqrt(a), py - 1.3 * Math.sqrt(c)], [px + 1.3 * Math.sqrt(a), py + 1.3 * Math.sqrt(c)]);
    });
    const of = i => [Math.min(...points.map(p => p[i])), Math.max(...points.map(p => p[i]))];
    return [of(0), of(1)];
  }

  /** form is the covariance of component k as it is seen. */
  form(k) { return geometry.form(this.axes, this.mixture.covariances[k]); }

  #misfits() {
    const { width, height } = this.size, [[x0, x1], [y0, y1]] = this.#extent();
    const [a, b] = this.at([x0, y1]), [c, d] = this.at([x1, y0]);
    return a < -2 || b < -2 || c > width + 2 || d > height + 2 || (c - a < width / 4 && d - b < height / 4);
  }

  /** fit shows everything, as large as it can be. */
  fit() {
    const { width, height } = this.size, [[x0, x1], [y0, y1]] = this.#extent();
    this.scale = Math.min((width - 2 * MARGIN) / (x1 - x0), (height - 2 * MARGIN) / (y1 - y0));
    this.centre = [(x0 + x1) / 2, (y0 + y1) / 2];
  }

  zoom(factor) { this.scale *= factor; this.show(this.state, this.answer); }

  /** radius is that of a component's disc, in pixels. */
  radius(k) { return Math.max(LIGHTEST, HEAVIEST * Math.sqrt(this.mixture.shares[k])); }

  /** taken is what a hand at a pixel takes: the nearest mean or handle within reach, as its element; null if there is none. */
  taken([px, py]) {
    let best = null, nearest = REACH;
    for (const element of [...this.layers.points.children, ...this.layers.handles.children]) {
      const { e, f } = element.transform.baseVal.consolidate().matrix, { k } = element.dataset;
      const away = Math.hypot(px - e, py - f) - (k === undefined ? 0 : this.radius(k) - 1); // a mean goes before a handle as near
      if (away < nearest) [best, nearest] = [element, away];
    }
    return best;
  }

  /** at maps a point of the plane to pixels, from is the inverse. */
  at([x, y]) {
    const { width, height } = this.size;
    return [width / 2 + (x - this.centre[0]) * this.scale, height / 2 - (y - this.centre[1]) * this.scale];
  }
  from([px, py]) {
    const { width, height } = this.size;
    return [this.centre[0] + (px - width / 2) / this.scale, this.centre[1] - (py - height / 2) / this.scale];
  }

  #grid() {
    const { width, height } = this.size, key = [width, height, this.scale, this.centre, this.names].join();
    if (key === this.gridded) return;
    this.gridded = key;
    set(this.svg, { viewBox: `0 0 ${width} ${height}` });
    const apart = nice(70 / this.scale), [x0, y0] = this.from([0, height]), [x1, y1] = this.from([width, 0]), marks = [];
    for (let i = Math.ceil(x0 / apart); i * apart <= x1; i++) {
      const [x] = this.at([i * apart, 0]);
      marks.push(draw("path", { class: i ? "tick" : "zero", d: `M${x.toFixed(1)} 0V${height}` }));
      if (x > 14 && x < width - 40) marks.push(draw("text", { x: x + 3, y: height - 5 }, shown(i * apart)));
    }
    for (let i = Math.ceil(y0 / apart); i * apart <= y1; i++) {
      const [, y] = this.at([0, i * apart]);
      marks.push(draw("path", { class: i ? "tick" : "zero", d: `M0 ${y.toFixed(1)}H${width}` }));
      if (y > 24 && y < height - 22) marks.push(draw("text", { x: 4, y: y - 3 }, shown(i * apart)));
    }
    marks.push(draw("text", { class: "axis", x: width - 8, y: height - 5, "text-anchor": "end" }, this.names[0]), draw("text", { class: "axis", x: 6, y: 15 }, this.names[1]));
    this.layers.grid.replaceChildren(...marks);
  }

  #components() {
    const { points, ellipses } = this.layers, { means, shares } = this.mixture;
    if (points.childElementCount !== means.length) {
      points.replaceChildren(...means.map((_, k) => component(k)));
      ellipses.replaceChildren(...means.map(() => draw("g", {}, draw("ellipse"), draw("ellipse", { class: "two" }))));
    }
    means.forEach((mean, k) => {
      const seen = geometry.seen(this.axes, mean), [x, y] = this.at(seen), r = this.radius(k);
      const g = points.children[k], [target, disc, label, name] = g.children;
      set(g, { transform: `translate(${x.toFixed(2)} ${y.toFixed(2)})`, class: k === this.chosen ? "component chosen" : "component",
        "aria-valuenow": +seen[0].toPrecision(6), "aria-label": `Mean of component ${nameOf(this.state, k)}`,
        "aria-valuetext": `${this.names[0]} ${shown(seen[0], 5)}, ${this.names[1]} ${shown(seen[1], 5)}, weight ${shown(100 * shares[k])} %` });
      set(disc, { r });
      set(target, { r: Math.max(22, r) });
      const inside = r >= LABELLED;
      set(label, { x: inside ? 0 : r + 3, y: inside ? 4.5 : -r - 1, "text-anchor": inside ? "middle" : "start", class: inside ? "inside" : "" });
      set(name, { x: r + (inside ? 5 : 12), y: inside ? 4.5 : -r - 1 });
      name.textContent = this.state.names[k] ?? "";
      const { angle, long, short } = this.held?.ellipse && (this.held.k === k || !own(this.state)) ? this.held.ellipse : geometry.ellipse(this.form(k));
      [...ellipses.children[k].children].forEach((e, i) => set(e, { rx: long * this.scale * (i + 1), ry: short * this.scale * (i + 1), transform: `translate(${x.toFixed(2)} ${y.toFixed(2)}) rotate(${(-angle * 180 / Math.PI).toFixed(3)})` }));
      set(ellipses.children[k], { class: k === this.chosen ? "chosen" : undefined });
    });
  }

  #subspaces() {
    const basis = geometry.fisher(this.mixture, centred(this.state)), covariance = geometry.pooled(this.mixture);
    const drawn = [], seen = algebra.orthonormal(basis.map(v => geometry.seen(this.axes, v)).filter(v => algebra.norm(v) > 1e-9), 1e-6);
    if (seen.length === 1) drawn.push(this.#line(seen[0], "fisher"));
    say(by("fisher-word"), `${centred(this.state) ? "S_c" : "S_F"}${seen.length > 1 ? ", which fills the plane" : ""}`);
    const columns = kept(this.answer, this.mixture.dimension);
    if (columns) {
      for (const v of geometry.lost(basis, columns, covariance)) {
        const p = geometry.seen(this.axes, v);
        if (algebra.norm(p) > 1e-6) drawn.push(this.#line(p.map(x => x / algebra.norm(p)), "lost"));
      }
      if (columns.length) drawn.push(...this.#shape());
    }
    this.layers.spaces.replaceChildren(...drawn);
  }

  // The shape of A*: the ellipse {A z : |z| ≤ 1}, not to scale; where a direction dies it becomes a line.
  #shape() {
    const { angle, long, short } = geometry.ellipse(geometry.form(this.axes, this.answer.minimiser.m));
    const [x, y] = this.at([0, 0]), size = this.#room(x, y);
    if (!(long > 0)) return [];
    const thin = short < 1e-4 * long, out = [];
    if (thin) out.push(this.#line([Math.cos(angle), Math.sin(angle)], "kept line"));
    out.push(draw("ellipse", { class: "kept", rx: size, ry: Math.max(thin ? 0 : 0.5, size * short / long), transform: `translate(${x.toFixed(2)} ${y.toFixed(2)}) rotate(${(-angle * 180 / Math.PI).toFixed(3)})` }));
    return out;
  }

  // #room is how large a shape about the origin can be, in pixels.
  #room(x, y) {
    const { width, height } = this.size, side = Math.min(width, height);
    return Math.max(0.14 * side, Math.min(0.3 * side, x - 4, y - 4, width - x - 4, height - y - 4));
  }

  #line([u, v], kind) {
    const { width, height } = this.size, reach = width + height, [x, y] = this.at([0, 0]);
    // The origin may be out of sight, but is never far: everything shown contains it.
    return draw("path", { class: kind, d: `M${(x - reach * u).toFixed(1)} ${(y + reach * v).toFixed(1)}L${(x + reach * u).toFixed(1)} ${(y - reach * v).toFixed(1)}` });
  }

  #handles() {
    if (this.mixture.dimension === 1) return this.layers.handles.replaceChildren();
    if (!this.layers.handles.childElementCount) this.layers.handles.append(handle("long"), handle("short"));
    const shape = this.held?.ellipse ?? geometry.ellipse(this.form(this.chosen));
    const [x, y] = this.at(geometry.seen(this.axes, this.mixture.means[this.chosen])), least = this.radius(this.chosen) + APART;
    for (const h of this.layers.handles.children) {
      const long = h.dataset.axis === "long", half = long ? shape.long : shape.short, r = Math.max(least, half * this.scale), angle = shape.angle + (long ? 0 : Math.PI / 2);
      set(h, { transform: `translate(${(x + r * Math.cos(angle)).toFixed(2)} ${(y - r * Math.sin(angle)).toFixed(2)}) rotate(${(-angle * 180 / Math.PI).toFixed(2)})`,
        "aria-valuenow": +half.toPrecision(4), "aria-valuetext": `${shown(half)} at ${Math.round(angle * 180 / Math.PI)}°` });
    }
  }
}

/** kept returns the columns of A* that are not nothing, as vectors; null where there is no minimiser. */
function kept(answer, dimension) {
  const a = answer?.minimiser?.a;
  if (!a || a.length !== dimension) return null;
  return algebra.transposed(a).slice(0, answer.minimiser.rank).filter(v => algebra.norm(v) > 0);
}

function component(k) {
  return draw("g", { role: "slider", tabindex: 0, "data-k": k, "aria-label": `Mean of component ${k + 1}`, "aria-valuenow": 0 },
    draw("circle", { class: "target", r: 22 }), draw("circle", { class: "mass" }), draw("text", { "aria-hidden": "true" }, String(k + 1)), draw("text", { "aria-hidden": "true", class: "name" }));
}

function handle(axis) {
  return draw("g", { role: "slider", tabindex: 0, class: "handle", "data-axis": axis, "aria-label": axis === "long" ? "First half axis of the covariance" : "Second half axis of the covariance", "aria-valuenow": 0 },
    draw("circle", { class: "target", r: 16 }), draw("rect", { x: -HANDLE, y: -HANDLE, width: 2 * HANDLE, height: 2 * HANDLE }));
}

/** nice is the least of 1, 2, 5 times a power of ten that is at least x. */
export function nice(x) {
  const power = 10 ** Math.floor(Math.log10(x));
  return [1, 2, 5, 10].find(f => f * power >= x * 0.999) * power;
}
