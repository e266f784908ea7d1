"""From a click, or a navigation, to the moment at which the page shows what it led to."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, TimeoutError

from tests.load.places import Act

SCRIPT = Path(__file__).with_suffix(".js")
PATIENCE_MS = 60_000
"""What is not there by then counts as so late."""
QUIET_MS = 500
"""What comes later is no answer any more: the page refreshes itself."""
SHOWN = f"""() => {{
    const watch = window.stopwatch, now = performance.now();
    return watch?.runs > 0 && !watch.running && now - watch.ended > {QUIET_MS}
        && (now - watch.changed > {QUIET_MS} || now - watch.ended > {4 * QUIET_MS});
}}"""
RESULT = "() => Math.max(window.stopwatch.ended, window.stopwatch.changed) - (window.stopwatch.clicked ?? 0)"
RESET = "() => Object.assign(window.stopwatch, { clicked: null, runs: 0, changed: 0, ended: 0 })"


def opened(page: Page, url: str) -> float:
    """Milliseconds until the page of that address is there."""
    page.goto(url)
    return _shown(page)


def clicked(page: Page, act: Act) -> float:
    """Milliseconds until the page shows what a click led to."""
    page.evaluate(RESET)
    act(page)
    return _shown(page)


def _shown(page: Page) -> float:
    try:
        page.wait_for_function(SHOWN, polling=50, timeout=PATIENCE_MS)
    except TimeoutError:
        return PATIENCE_MS
    return float(page.evaluate(RESULT))
