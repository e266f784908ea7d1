"""From a click, or a navigation, to the moment at which the page shows what it led to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page, TimeoutError

SCRIPT = Path(__file__).with_suffix(".js")
PATIENCE_MS = 60_000
"""What is not there by then counts as so late."""
QUIET_MS = 500
"""What comes later is no answer any more: the page refreshes itself."""
SHOWN = f"""() => {{
    const watch = window.stopwatch, now = performance.now();
    if (!watch || watch.running) return false;
    if (watch.runs === 0) return watch.changed > 0 && now - watch.changed > {4 * QUIET_MS};
    return now - watch.ended > {QUIET_MS} && (now - watch.changed > {QUIET_MS} || now - watch.ended > {4 * QUIET_MS});
}}"""
"""A script may begin and end between two looks at the page: where the browser was busy drawing."""
RESULT = """() => {
    const watch = window.stopwatch, since = watch.clicked ?? 0;
    return [(watch.ended || watch.changed) - since, Math.max(watch.ended, watch.changed) - since];
}"""
RESET = "() => Object.assign(window.stopwatch, { clicked: null, runs: 0, changed: 0, ended: 0 })"


class Answer(NamedTuple):
    """Milliseconds since the click, or since the tab was opened."""

    answered: float
    """Until the page's script had ended and all it says had arrived."""
    shown: float
    """Until the page last changed: charts are drawn afterwards."""


def opened(page: Page, url: str) -> Answer:
    """The page of that address."""
    page.goto(url)
    return answer(page)


def clicked(page: Page, act: Callable[[Page], None]) -> Answer:
    """What a click led to."""
    page.evaluate(RESET)
    act(page)
    return answer(page)


def answer(page: Page) -> Answer:
    """To what was done last, as soon as it is there."""
    try:
        page.wait_for_function(SHOWN, polling=50, timeout=PATIENCE_MS)
    except TimeoutError:
        return Answer(PATIENCE_MS, PATIENCE_MS)
    return Answer(*page.evaluate(RESULT))
