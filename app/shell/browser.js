// What the browser does that Streamlit leaves to it: one entry of the history for a page, timers that wait for the script,
// and the theme told anew.
(() => {
  if (window.eproxyStudio) return;  // once for as long as the tab is open
  window.eproxyStudio = true;

  // Streamlit pushes an entry whenever the address changes, so that each edit of a control would take a press of Back.
  // Another path, or another step of the lesson, is somewhere else; all else is the same page with other settings.
  const push = history.pushState;
  history.pushState = function (state, unused, url) {
    const from = new URL(location.href), to = new URL(url ?? "", location.href);
    const step = (address) => address.searchParams.get("step") ?? "1";
    const stays = from.pathname === to.pathname && step(from) === step(to);
    return (stays ? history.replaceState : push).call(this, state, unused, url);
  };

  // A timer of a fragment asks for the page that the browser still shows. Where another page is on its way, Streamlit
  // would go back and clear it (see `status.py`, which then asks for it again). So no timer ticks meanwhile.
  const CLICK_MS = 1000;
  let clicked = -CLICK_MS;
  addEventListener("click", () => (clicked = performance.now()), true);
  const app = document.querySelector("[data-testid=stApp]");
  const every = window.setInterval;
  window.setInterval = (tick, ms, ...rest) => every((...given) => {
    const waits = app.dataset.testScriptState !== "notRunning" || performance.now() - clicked < CLICK_MS;
    if (ms < CLICK_MS || !waits) tick(...given);
  }, ms, ...rest);

  // Figures that are drawn for one theme are drawn again for the other one: the script reads the theme when it runs.
  const theme = () => getComputedStyle(app).colorScheme;
  let drawn = theme();
  new MutationObserver(() => {
    if (theme() === drawn) return;
    drawn = theme();
    if (!document.querySelector("[data-testid=stGraphVizChart], [data-testid=stIFrame]")) return;
    document.querySelector(".st-key-theme-changed button")?.click();
  }).observe(app, { attributeFilter: ["class", "style"] });
})();
