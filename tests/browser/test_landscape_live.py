"""A landscape while it is computed: rows appear, and the page never fails on what is not there yet."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Page, expect

from app.shell.errors import UNEXPECTED
from eproxy_engine.landscape.computing import evaluate
from eproxy_engine.runs import Store
from tests.app.watching import watched
from tests.browser.conftest import Dashboard, serve, settle

pytestmark = pytest.mark.browser

CONFIGURATION = {
    "iterations": 2,
    "batch": 2,
    "width": 4,
    "branches": [{"features": ["net"], "c_mid": 16, "c_out": 16}],
}
LANDSCAPE = {"extremes": 1, "barrier": "on", "view": {"steps": 3}}
SMALL = f"n=20&images=noise&config={json.dumps(CONFIGURATION)}&landscape={json.dumps(LANDSCAPE)}"
SHOWN = {
    1: ("0 of 6 rows computed", "no row computed yet"),
    7: ("2 of 6 rows computed", "with barrier: 2 of 3 rows", "with barrier: 0 of 3 rows"),
    15: ("5 of 6 rows computed", "with barrier: 2 of 3 rows"),
}
"""After so many of the 16 evaluations: of each of the two surfaces five come before its three rows."""


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Dashboard]:
    """A dashboard whose runs are left to the test: no worker may take them."""
    with FileLock(tmp_path / "store.sqlite3.worker.lock"):
        yield from serve(tmp_path)


def test_rows_appear_until_the_surfaces_are_whole(page: Page, alone: Dashboard) -> None:
    """The test is the worker: it computes the next part once the page shows the one before."""
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(f"{alone.url}/landscape?{SMALL}")
    settle(page)
    page.locator(".st-key-landscape button:visible").click()
    expect(page).to_have_url(re.compile(r"run=\w+"))

    def look(state: str, moment: int) -> None:
        if state == "running":
            for text in SHOWN.get(moment, ()):
                expect(page.get_by_text(text).first).to_be_visible()
        assert page.get_by_text(UNEXPECTED).count() == 0, f"{state}, after {moment}"

    with closing(Store(alone.home / "store.sqlite3")) as store:
        run = store.run(page.url.split("run=")[1].split("&")[0])
        assert watched(store, run, lambda each: evaluate(each, "cpu"), look).status == "finished"
    expect(page.get_by_text(f"Run {run.id} · finished")).to_be_visible()
    expect(page.frame_locator("iframe").get_by_text("Ruggedness of log₁₀ loss: ")).to_be_visible()
    assert page.get_by_text(UNEXPECTED).count() == 0
    assert failures == []
