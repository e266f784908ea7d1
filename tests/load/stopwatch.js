// Notes when somebody clicks, when the page's script runs, and when the page last changed.
// The Start page presses buttons by itself: only what a person, or Playwright, does is a click.
(() => {
  const watch = { clicked: null, runs: 0, running: false, changed: 0, ended: 0 };
  window.stopwatch = watch;
  for (const act of ["click", "keydown"])
    document.addEventListener(act, (event) => { if (event.isTrusted) watch.clicked ??= performance.now(); }, true);
  const state = () => document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState;
  new MutationObserver((records) => {
    const now = performance.now();
    watch.running = state() === "running";
    if (records.some((record) => record.type === "attributes")) {  // it may have begun and ended since the last ones
      watch.runs += 1;
      if (!watch.running) watch.ended = now;
    }
    const drawn = (record) => record.type === "childList" && !record.target.closest?.("header");
    if (records.some(drawn)) watch.changed = now;
  }).observe(document, { subtree: true, childList: true, attributeFilter: ["data-test-script-state"] });
})();
