// Keeps the site for when there is no network: what the network gives is fresh, what was kept serves else.

const KEPT = "contrastcheck";
const FILES = ["./", "index.html", "style.css", "panels.css", "icon.svg", "main.js", "algebra.js", "chart.js", "components.js", "dom.js", "drag.js", "engine.js", "gallery.js", "hunt.js", "live.js", "losses.js",
  "number.js", "parameters.js", "plane.js", "plane_geometry.js", "proof.js", "question.js", "span.js", "state.js", "verdicts.js", "worker.js", "wasm_exec.js", "contrastcheck.wasm"];

addEventListener("install", e => e.waitUntil(caches.open(KEPT).then(cache => cache.addAll(FILES)).then(() => skipWaiting())));
addEventListener("activate", e => e.waitUntil(clients.claim()));
addEventListener("fetch", e => {
  if (e.request.method !== "GET" || new URL(e.request.url).origin !== location.origin) return;
  e.respondWith(fetch(e.request).then(async fresh => {
    if (fresh.ok) {
      const copy = fresh.clone();
      e.waitUntil(caches.open(KEPT).then(cache => cache.put(e.request, copy)));
    }
    return fresh;
  }).catch(async failure => (await caches.match(e.request, { ignoreSearch: true })) ?? Promise.reject(failure)));
});
