// The screen lock in a page: it tells the desk that somebody is there, leaves when the desk has locked – after what was
// typed is saved –, and is never shown again from the browser's memory.
(() => {
  "use strict";
  const WATCH = 3000, SELDOM = 60000, PING = 30000, TRIES = 8;
  const root = document.documentElement;
  const waiting = document.getElementById("locked"); // on the lock page itself
  const pause = (time) => new Promise((go) => setTimeout(go, time));
  let timer = 0, leaving = false;

  async function look() {
    clearTimeout(timer);
    if (leaving) return;
    let next = WATCH;
    try {
      const answer = await fetch("/lock/state", {headers: {"HX-Request": "true"}, cache: "no-store"});
      const ended = answer.status === 401 && !answer.headers.has("HX-Redirect"); // else the keys are being changed
      const found = answer.ok ? await answer.json() : {locked: ended, watch: true};
      if (!found.watch) next = SELDOM;
      if (waiting && answer.ok && !found.locked) return leave(waiting.dataset.back);
      if (!waiting && found.locked) return leave(`/lock?back=${encodeURIComponent(location.pathname + location.search)}`);
    } catch { /* the desk has ended or is starting: there is nowhere to go */ }
    clearTimeout(timer);
    timer = setTimeout(look, next);
  }

  // Nothing stays on the screen, nothing typed is lost: the page is covered at once and left once all is saved.
  async function leave(address) {
    if (leaving) return;
    leaving = true;
    root.dataset.covered = "";
    for (let tries = 0; tries < TRIES && !(await (window.savedBeforeLeaving?.() ?? true)); tries++) await pause(1000);
    location.replace(address);
  }

  addEventListener("DOMContentLoaded", look);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") look(); });
  addEventListener("pagehide", () => { root.dataset.covered = ""; });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  if (waiting) return;

  // Somebody is there: told at once, then at most every half minute, the last time included.
  let told = -PING, later = 0;
  function somebody() {
    if (later || leaving) return;
    later = setTimeout(tell, Math.max(0, told + PING - performance.now()));
  }
  function tell() {
    later = 0;
    told = performance.now();
    fetch("/lock/activity", {method: "POST", headers: {"HX-Request": "true"}}).catch(() => {});
  }
  for (const name of ["pointerdown", "pointermove", "keydown", "wheel"]) addEventListener(name, somebody, {passive: true, capture: true});

  document.addEventListener("keydown", (event) => {
    if ("shortcutsOff" in document.body.dataset) return;
    if (!event.altKey || event.ctrlKey || event.metaKey || event.code !== "KeyL" || !document.getElementById("lock-now")) return;
    event.preventDefault();
    document.getElementById("lock-now").requestSubmit();
  });
})();
