"""What each click takes of the processors: of the server, and of the browser's main thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import CDPSession, sync_playwright

from tests.browser.conftest import FLAGS, serve
from tests.browser.install_chromium import system_chromium
from tests.load.places import PLACES
from tests.load.processes import server_seconds
from tests.load.stopwatch import PATIENCE_MS, SCRIPT, answer, clicked

IN_PROCESSOR_TIME = {"timeDomain": "threadTicks"}


class Cost(NamedTuple):
    """Milliseconds of processor time that opening a page, or a click on it, takes."""

    page: str
    act: str
    server: float
    browser: float
    """Main thread of the page, which runs its scripts, lays it out and draws most of it."""


def costs(home: Path, pages: tuple[str, ...], rounds: int) -> Iterator[Cost]:
    """Of every page of a dashboard on the data directory ``home``, or only of those with these titles."""
    with contextmanager(serve)(home) as dashboard, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_chromium(), args=FLAGS)
        for place in PLACES:
            if pages and place.title not in pages:
                continue
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            page.set_default_timeout(PATIENCE_MS)
            page.add_init_script(path=SCRIPT)
            session = page.context.new_cdp_session(page)
            session.send("Performance.setTimeDomain", IN_PROCESSOR_TIME)
            session.send("Performance.enable")
            before = _taken(dashboard.url, session)
            page.goto(f"{dashboard.url}/{place.path}")
            answer(page)
            yield _cost(place.title, "opened", before, _taken(dashboard.url, session))
            for act in place.clicks * rounds:
                before = _taken(dashboard.url, session)
                clicked(page, act)
                yield _cost(place.title, act.name, before, _taken(dashboard.url, session))
            page.close()
        browser.close()


def _taken(url: str, session: CDPSession) -> tuple[float, float]:
    metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    return server_seconds(url), metrics["TaskDuration"]


def _cost(page: str, act: str, before: tuple[float, float], after: tuple[float, float]) -> Cost:
    server, browser = (1000 * (now - then) for now, then in zip(after, before, strict=True))
    return Cost(page, act, server, browser)
