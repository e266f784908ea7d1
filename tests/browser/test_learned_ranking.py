"""Learned ranking in a real browser: it is there at once, judged by a click, and says what to measure next."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from eproxy_engine.runs import Store
from tests.browser.conftest import Dashboard, settle, tab

pytestmark = pytest.mark.browser
RANK = '{"settings":{"labels":10,"draws":3}}'


def test_a_ranking_is_judged_and_says_what_to_measure_next(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/learned_ranking?space=nasbench101&task=cifar10&rule=random&n=60&draw=1&rank={RANK}")
    settle(page)
    expect(page.get_by_text("held-out architectures", exact=False).first).to_be_visible()
    page.get_by_role("button", name="Judge").click()
    expect(page.get_by_role("tab", name="Learning curve")).to_be_visible()
    run = next(run for run in Store(dashboard.home / "store.sqlite3").runs() if run.kind == "rank")
    assert run.result is not None
    assert (run.result["labels"], run.result["draws"]) == (10, 3)
    tab(page, "Models")
    title = page.locator(".gtitle:visible")
    expect(title).to_contain_text(
        re.compile(r"ranks best, ρ = [\d.]+ \(10\s*labels, 50 held-out architectures, 3 draws\)")
    )
    tab(page, "Measure next")
    with page.expect_download() as download:
        page.get_by_role("button", name="This list as CSV").click()
    header, *rows = csv.reader(Path(download.value.path()).read_text("utf-8").splitlines())
    assert (header, len(rows)) == (["architecture", "accuracy"], 10)
