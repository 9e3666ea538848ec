// The hunt for a counterexample near the present mixture, and simpler ones with its verdict.

import { ask } from "./engine.js";
import { by, say } from "./dom.js";
import { chosen, file, link, of, ofCosines, options } from "./state.js";

const FOUND = { hunt: "Found a counterexample", simplify: "Made simple" }, NONE = { hunt: "No counterexample was found near here", simplify: "It is as simple as it gets" };

/** hunt connects the buttons of the hunt. */
export function hunt(history) {
  let control = null, told = null; // the state that is spoken of
  history.listen(s => {
    if (told && s !== told) say(by("hunt-said"), "");
    if (s !== told) told = null;
  });
  const buttons = { hunt: by("find"), simplify: by("simplify") };
  const busy = on => { for (const b of Object.values(buttons)) b.disabled = on; by("stop-hunt").disabled = !on; };

  async function run(kind) {
    const s = history.now;
    if (ofCosines(s)) return say(by("hunt-said"), "Hunts are of dot products and distances.");
    control = new AbortController();
    busy(true);
    say(by("hunt-said"), kind === "hunt" ? "Hunting…" : "Simplifying…");
    try {
      const found = await ask(kind, { ...file(s), options: options(s) }, { signal: control.signal, onPart: part => { if (!control.signal.aborted) say(by("hunt-said"), `${capital(progress(part))}…`); } });
      told = s;
      const mixture = found?.mixture ?? (found?.weights ? found : null);
      if (mixture) {
        const there = of(mixture, chosen(s), s.names), same = link({ ...s, name: "" }) === link({ ...there, name: "" });
        if (!same) history.keep(there);
        told = history.now;
        say(by("hunt-said"), same ? `${NONE[kind]}.` : `${FOUND[kind]}${found.sentence ? `: ${found.sentence}` : ""}. Undo takes you back.`);
      } else {
        say(by("hunt-said"), `${capital(found?.sentence ?? NONE[kind])}.`);
      }
    } catch (failure) {
      say(by("hunt-said"), failure.name === "AbortError" ? "Cancelled." : failure.message);
    }
    busy(false);
  }

  for (const [kind, button] of Object.entries(buttons)) button.addEventListener("click", () => run(kind));
  by("stop-hunt").addEventListener("click", () => control?.abort());
}

const capital = s => s[0].toUpperCase() + s.slice(1);
const progress = part => part.sentence ?? Object.entries(part).filter(([, v]) => typeof v !== "object").map(([k, v]) => `${k} ${v}`).join(", ");
