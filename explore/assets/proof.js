// Proofs, and files to take away.

import { ask } from "./engine.js";
import { by, keep, say } from "./dom.js";
import { file, ofCosines, options } from "./state.js";

/** proof connects the buttons of proofs and downloads; the picture is the plane's svg. */
export function proof(history, picture) {
  let certificate = null, control = null;
  const busy = on => {
    by("prove").disabled = on;
    by("recheck").disabled = by("save-certificate").disabled = on || !certificate;
    by("stop-proof").disabled = !on;
  };
  async function run(kind, body, show) {
    const mine = control = new AbortController();
    busy(true);
    say(by("proof-said"), kind === "prove" ? "Proving…" : "Checking…");
    try {
      say(by("proof-said"), show(await ask(kind, body, { signal: mine.signal })));
    } catch (failure) {
      if (mine === control) say(by("proof-said"), failure.name === "AbortError" ? "Cancelled." : failure.message);
    }
    if (mine === control) busy(false);
  }
  const words = answer => answer.text ?? answer.sentence ?? (answer.proved ? `proved: ${answer.claim} ${answer.verdict}` : "not proved");
  const recheck = text => run("recheck", text, answer => `Rechecked. ${words(answer)}`);

  by("prove").addEventListener("click", () => {
    if (ofCosines(history.now)) return say(by("proof-said"), "Proofs of cosines are made by contrastcheck prove --score cosine.");
    run("prove", { ...file(history.now), options: options(history.now) }, answer => {
      certificate = answer.certificate ?? null;
      return words(answer);
    });
  });
  by("recheck").addEventListener("click", () => recheck(certificate));
  by("stop-proof").addEventListener("click", () => control?.abort());
  by("open-certificate").addEventListener("change", async e => {
    const text = await e.target.files[0].text();
    e.target.value = "";
    try { recheck(JSON.parse(text)); } catch (failure) { say(by("proof-said"), `Not a certificate: ${failure.message}`); }
  });

  const name = () => (history.now.name || "mixture").replace(/[^\p{L}\p{N}]+/gu, "-");
  by("save-certificate").addEventListener("click", () => keep(`${name()}-certificate.json`, JSON.stringify(certificate) + "\n", "application/json"));
  by("save-mixture").addEventListener("click", () => keep(`${name()}.json`, JSON.stringify(file(history.now)) + "\n", "application/json"));
  by("save-picture").addEventListener("click", () => keep(`${name()}.svg`, standalone(picture), "image/svg+xml"));
  by("save-latex").addEventListener("click", () => run("latex", { ...file(history.now), options: options(history.now) }, answer => {
    keep(`${name()}.tex`, typeof answer === "string" ? answer : answer.latex ?? answer.text, "application/x-tex");
    return "LaTeX kept.";
  }));
  return () => { // another mixture, or another loss: its certificate is not this one's
    control?.abort();
    control = null;
    certificate = null;
    busy(false);
    say(by("proof-said"), "");
  };
}

const PROPERTIES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "opacity", "font-family", "font-size", "font-style", "paint-order", "vector-effect"];

// standalone is a picture that needs no style sheet.
function standalone(svg) {
  const copy = svg.cloneNode(true), from = [svg, ...svg.querySelectorAll("*")], to = [copy, ...copy.querySelectorAll("*")];
  from.forEach((element, i) => {
    const style = getComputedStyle(element);
    for (const p of PROPERTIES) to[i].setAttribute(p, style.getPropertyValue(p));
    for (const a of ["class", "tabindex", "role", "aria-valuenow", "aria-valuetext", "aria-label", "id"]) to[i].removeAttribute(a);
  });
  copy.querySelectorAll(":scope > :last-child, [r='22']").forEach(e => e.remove()); // handles and what catches fingers
  const page = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  page.setAttribute("width", "100%");
  page.setAttribute("height", "100%");
  page.setAttribute("fill", getComputedStyle(svg).backgroundColor);
  copy.prepend(page);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", svg.clientWidth);
  copy.setAttribute("height", svg.clientHeight);
  return new XMLSerializer().serializeToString(copy) + "\n";
}
