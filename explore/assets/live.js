// Answers at every movement: one question on its way, the newest one waiting, and none
// older shown after a newer.

import { ask, patience } from "./engine.js";

const AGAIN = 100; // ms after which a busy engine is asked again

const MEASURED = 5000; // durations that the browser keeps at most

/** Live asks one kind of question again and again. */
export class Live {
  #kind; #show; #fail; #waiting = null; #under = null; #measured = 0;
  constructor(kind, show, fail) { this.#kind = kind; this.#show = show; this.#fail = fail; }

  /** ask puts a question in the place of the one that waits; since is when its cause was, in ms of performance.now. */
  ask(body, since = performance.now()) {
    this.#waiting = { body, since };
    if (!this.#under) this.#next();
    else if (performance.now() - this.#under.started > patience) this.#under.control.abort();
  }

  async #next() {
    while (this.#waiting) {
      const { body, since } = this.#waiting;
      this.#waiting = null;
      this.#under = { control: new AbortController(), started: performance.now() };
      try {
        const answer = await ask(this.#kind, body, { signal: this.#under.control.signal });
        this.#show(answer, body);
        performance.measure(this.#kind, { start: since, end: performance.now() });
        if (++this.#measured % MEASURED === 0) performance.clearMeasures(this.#kind);
      } catch (failure) {
        if (failure.name === "BusyError") {
          await new Promise(resolve => setTimeout(resolve, AGAIN));
          this.#waiting ??= { body, since };
        } else if (failure.name === "AbortError") {
          if (!this.#under.control.signal.aborted) this.#waiting ??= { body, since }; // it ended with another question
        } else if (!this.#waiting) {
          this.#fail(failure, body);
        }
      }
      this.#under = null;
    }
  }
}
