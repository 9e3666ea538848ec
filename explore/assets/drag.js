// Hands on the plane: mouse, finger and keyboard move means and turn covariances.

import * as algebra from "./algebra.js";
import * as geometry from "./plane_geometry.js";
import { parse, plus, negated, rounded, snapped, text, value } from "./number.js";
import { along } from "./span.js";
import { own } from "./state.js";

const TURN = Math.PI / 36, STRETCH = 1.05; // of one press of an arrow key
const LEAST = 0.02; // the least half axis, as a share of the greatest that was

/** hands lets people move what plane shows; step() is the grid step, an exact text. */
export function hands(plane, history, step, choose) {
  let held = null;
  plane.svg.addEventListener("pointerdown", e => {
    box = null;
    const target = plane.taken(pixel(e));
    if (!target || e.button > 0) return;
    e.preventDefault();
    target.focus({ preventScroll: true });
    plane.svg.setPointerCapture(e.pointerId);
    const { axis } = target.dataset, k = axis ? plane.chosen : Number(target.dataset.k);
    if (k !== plane.chosen) choose(k);
    const start = point(e);
    held = { pointer: e.pointerId, axis, k, start, state: history.now, axes: plane.axes, from: geometry.seen(plane.axes, plane.mixture.means[k]), shape: geometry.ellipse(plane.form(k)), form: plane.form(k) };
    held.grip = difference(held.from, start);
    held.ratio = axis ? held.shape[axis] / Math.hypot(...held.grip) : 1; // a handle is drawn outside the disc
    plane.held = { k };
    plane.svg.classList.add("dragging");
  });
  plane.svg.addEventListener("touchstart", e => { // a finger that takes something does not scroll
    box = null;
    if (plane.taken(pixel(e.changedTouches[0]))) e.preventDefault();
  }, { passive: false });
  plane.svg.addEventListener("pointermove", e => {
    if (!held || e.pointerId !== held.pointer) return;
    const p = point(e);
    if (held.axis) stretch(p);
    else move([p[0] + held.grip[0], p[1] + held.grip[1]]);
  });
  const release = e => {
    if (!held || e.pointerId !== held.pointer) return;
    held = plane.held = null;
    plane.svg.classList.remove("dragging");
    history.keep();
  };
  plane.svg.addEventListener("pointerup", release);
  plane.svg.addEventListener("pointercancel", release);

  let box = null; // where the plane is, asked of the browser once a drag, and again when the page scrolls
  addEventListener("scroll", () => { box = null; }, { passive: true });
  const pixel = e => {
    box ??= plane.svg.getBoundingClientRect();
    return [e.clientX - box.left, e.clientY - box.top];
  };
  const point = e => plane.from(pixel(e));

  function move(to) {
    const means = held.state.means.slice();
    means[held.k] = placed(held.state, held.state.means[held.k], held.from, to);
    history.move({ means });
  }

  // placed is a mean whose point in the plane goes to another: on the grid where the axes are coordinates.
  function placed(state, mean, from, to) {
    if (plane.exact) return mean.map((x, i) => (plane.exact.includes(i) ? snapped(to[plane.exact.indexOf(i)], step()) : x));
    const lift = geometry.lift(plane.axes, geometry.pooled(plane.mixture));
    return along(state, mean, algebra.times(lift, difference(to, from)), finer(step()));
  }

  function stretch(p) {
    const around = difference(p, held.from), length = held.ratio * Math.hypot(...around), angle = Math.atan2(around[1], around[0]);
    const { shape } = held, least = LEAST * Math.max(shape.long, shape.short), size = Math.max(least, length);
    shaped(held.axis === "long" ? { angle, long: size, short: shape.short } : { angle: angle - Math.PI / 2, long: shape.long, short: size });
  }

  function shaped(shape) {
    const covariance = reshaped(held.state, held.k, held.axes, held.form, geometry.ofEllipse(shape));
    if (!covariance) return;
    plane.held = { k: held.k, ellipse: shape };
    history.move({ covariance });
  }

  plane.svg.addEventListener("keydown", e => {
    const target = e.target.closest("[data-k],[data-axis]"), way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[e.key];
    if (!target || !way || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    const times = e.shiftKey ? 10 : 1;
    if (target.dataset.k !== undefined) {
      const k = Number(target.dataset.k), means = history.now.means.slice();
      if (k !== plane.chosen) choose(k);
      means[k] = stepped(k, way.map(w => w * times));
      return history.move({ means });
    }
    const k = plane.chosen, shape = geometry.ellipse(plane.form(k)), name = target.dataset.axis;
    shape[name] *= STRETCH ** (way[0] * times);
    shape.angle += TURN * way[1];
    const covariance = reshaped(history.now, k, plane.axes, plane.form(k), geometry.ofEllipse(shape));
    if (covariance) history.move({ covariance });
  });
  plane.svg.addEventListener("keyup", e => { if (e.key.startsWith("Arrow")) history.keep(); });
  plane.svg.addEventListener("focusin", e => {
    const k = e.target.closest("[data-k]")?.dataset.k;
    if (k !== undefined && Number(k) !== plane.chosen && !held) choose(Number(k));
  });

  // stepped is the mean of k some grid steps away: exact where the axes are coordinates.
  function stepped(k, way) {
    const mean = history.now.means[k];
    if (!plane.exact) {
      const from = geometry.seen(plane.axes, plane.mixture.means[k]);
      return placed(history.now, mean, from, [from[0] + way[0] * value(step()), from[1] + way[1] * value(step())]);
    }
    return mean.map((x, i) => {
      const count = way[plane.exact.indexOf(i)] || 0;
      let out = x;
      for (let n = 0; n < Math.abs(count); n++) out = plus(out, count > 0 ? step() : negated(step()));
      return out;
    });
  }
}

const difference = (a, b) => [a[0] - b[0], a[1] - b[1]];
const finer = step => { const r = parse(step); return text({ n: r.n, d: r.d * 100n }); };

// reshaped is the covariance of a state, in which what is seen of component k, from, becomes to;
// what lies across the plane keeps its conditional covariance. Null where it would not be positive definite.
function reshaped(state, k, axes, from, to) {
  const d = state.means[0].length, each = own(state);
  const exact = state.covariance === "identity" ? algebra.identity(d).map(row => row.map(String)) : each ? state.covariance[k] : state.covariance;
  const matrix = exact.map(row => row.map(value)), lift = geometry.lift(axes, matrix);
  const change = algebra.sum(to, from, -1), moved = algebra.sum(matrix, algebra.product(algebra.product(lift, change), algebra.transposed(lift)));
  const texts = moved.map((row, i) => row.map((_, j) => rounded(moved[Math.max(i, j)][Math.min(i, j)], 4)));
  if (!algebra.cholesky(texts.map(row => row.map(Number)))) return null;
  return each ? state.covariance.map((c, i) => (i === k ? texts : c)) : texts;
}
