"""From the start of the dashboard to its first page, in a browser that is open already."""

from __future__ import annotations

import time
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Error, Page, sync_playwright

from tests.browser.conftest import FLAGS, Dashboard, started
from tests.browser.install_chromium import system_chromium
from tests.load.processes import browser_seconds, server_seconds
from tests.load.stopwatch import PATIENCE_MS, SCRIPT, answer

PAUSE_SECONDS = 0.05


def first_page(home: Path) -> dict[str, float]:
    """Seconds from what ``make run`` starts until the server answers, until the page can be read, and until its chart
    is drawn; and the processor time that server and browser had taken when it could be read, and when it was drawn.

    The machine has other things to do: processor time says what the page itself takes.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(PATIENCE_MS)
        page.add_init_script(path=SCRIPT)
        began = time.perf_counter()
        with contextmanager(started)(home) as dashboard:
            answered = _answered(page, dashboard) - began
            took = -browser_seconds()  # up to here it has asked in vain
            page.get_by_role("link", name="1 · Pick architectures").wait_for()
            readable = time.perf_counter() - began
            server, seen = server_seconds(dashboard.url), took + browser_seconds()
            drawn = answered + answer(page).shown / 1000
            times = {"answered": answered, "readable": readable, "drawn": drawn}
            times |= {"server, readable": server, "browser, readable": seen}
            times |= {"server, drawn": server_seconds(dashboard.url), "browser, drawn": took + browser_seconds()}
        browser.close()
    return times


def _answered(page: Page, dashboard: Dashboard) -> float:
    """When the server first answered, on the clock of ``time.perf_counter``; the page is open then."""
    while True:
        asked = time.perf_counter()
        try:
            page.goto(dashboard.url, wait_until="commit")
            return asked
        except Error:
            time.sleep(PAUSE_SECONDS)
