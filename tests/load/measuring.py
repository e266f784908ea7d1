"""Every page opened and clicked in a browser, while nothing runs and while a run uses every core."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

import numpy as np
from playwright.sync_api import BrowserContext, Page, sync_playwright

from eproxy_engine.proxy import preset
from eproxy_engine.runs import EvaluationSpecification, Store
from eproxy_engine.runs.worker import start_detached
from eproxy_engine.sampling import Sample
from tests.browser.conftest import FLAGS, Dashboard, serve
from tests.browser.install_chromium import system_chromium
from tests.load.places import PLACES, Place
from tests.load.stopwatch import PATIENCE_MS, SCRIPT, clicked, opened

BUSY = EvaluationSpecification("nasbench101", "cifar10", Sample("random", 2000, 7), preset("laptop"), "noise", 7)
"""What keeps every core at work: hours of it."""
COLUMNS = ("opened", "reached", "answered", "clicked")


@dataclass
class Times:
    """Of one page, in milliseconds."""

    place: Place
    opened: list[float] = field(default_factory=list)
    """In a new tab, of a browser that has been there before."""
    reached: list[float] = field(default_factory=list)
    """From another page, by the navigation bar."""
    answered: list[float] = field(default_factory=list)
    """From a click until all that the page says had arrived."""
    clicked: list[float] = field(default_factory=list)
    """From the same click until the page last changed, its charts drawn."""

    def as_dict(self) -> dict[str, float | str]:
        """Medians and 95th percentiles; nan of nothing."""
        values: dict[str, float | str] = {"page": self.place.title}
        for name in COLUMNS:
            times = getattr(self, name) or [float("nan")]
            values |= {name: float(np.median(times)), f"{name} 95%": float(np.percentile(times, 95))}
        return values


def measured(home: Path, busy: bool, openings: int, clicks: int, pages: tuple[str, ...]) -> Iterator[Times]:
    """Times of every page of a dashboard on the data directory ``home``, or only of those with these titles."""
    with contextmanager(serve)(home) as dashboard, sync_playwright() as playwright, _at_work(home, busy):
        browser = playwright.chromium.launch(executable_path=system_chromium(), args=FLAGS)
        context = browser.new_context(viewport={"width": 1280, "height": 720})
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(path=SCRIPT)
        for place in PLACES:
            if not pages or place.title in pages:
                yield _of(context, dashboard, place, openings, clicks)
        browser.close()


@contextmanager
def _at_work(home: Path, busy: bool) -> Iterator[None]:
    """Meanwhile a run uses every core, if it is ``busy``."""
    if not busy:
        yield
        return
    store = Store(home / "store.sqlite3")
    run = store.create(BUSY)
    start_detached(store)
    while not store.run(run.id).progress.get("done"):
        time.sleep(0.5)
    try:
        yield
    finally:
        store.ask(run.id, "stop")
        while store.run(run.id).status == "running":
            time.sleep(0.5)
        store.delete(run.id)


def _of(context: BrowserContext, dashboard: Dashboard, place: Place, openings: int, clicks: int) -> Times:
    times = Times(place)
    url = f"{dashboard.url}/{place.path}"
    _closed(context, url)  # so that what is worked out once is there
    for _ in range(openings):
        times.opened.append(_closed(context, url))
    page = context.new_page()
    opened(page, dashboard.url)
    for _ in range(openings):
        _navigated(page, "Explore", "Start")
        times.reached.append(_navigated(page, place.group, place.title))
    for click in islice(cycle(place.clicks), clicks if place.clicks else 0):
        answer = clicked(page, click)
        times.answered.append(answer.answered)
        times.clicked.append(answer.shown)
    page.close()
    return times


def _closed(context: BrowserContext, url: str) -> float:
    """Of a tab that is opened for that alone."""
    page = context.new_page()
    milliseconds = opened(page, url).shown
    page.close()
    return milliseconds


def _navigated(page: Page, group: str, title: str) -> float:
    page.get_by_test_id("stTopNavSection").filter(has_text=group).click()
    return clicked(page, lambda page: page.get_by_test_id("stTopNavDropdownLink").filter(has_text=title).click()).shown
