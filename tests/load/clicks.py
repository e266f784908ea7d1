"""What each click takes of the processors: the server's part, and the browser's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import sync_playwright

from tests.browser.conftest import FLAGS, serve
from tests.browser.install_chromium import system_chromium
from tests.load.places import PLACES
from tests.load.processes import browser_seconds, server_seconds
from tests.load.stopwatch import PATIENCE_MS, SCRIPT, answer, clicked


class Cost(NamedTuple):
    """Milliseconds of processor time that opening a page, or a click on it, takes."""

    page: str
    act: str
    server: float
    browser: float
    """All its processes; it draws in software."""


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
            before = _taken(dashboard.url)
            page.goto(f"{dashboard.url}/{place.path}")
            answer(page)
            yield _cost(place.title, "opened", before, _taken(dashboard.url))
            for act in place.clicks * rounds:
                before = _taken(dashboard.url)
                clicked(page, act)
                yield _cost(place.title, act.name, before, _taken(dashboard.url))
            page.close()
        browser.close()


def _taken(url: str) -> tuple[float, float]:
    return server_seconds(url), browser_seconds()


def _cost(page: str, act: str, before: tuple[float, float], after: tuple[float, float]) -> Cost:
    server, browser = (1000 * (now - then) for now, then in zip(after, before, strict=True))
    return Cost(page, act, server, browser)
