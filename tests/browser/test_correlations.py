"""Proxies compared as a person does it: choose, launch, watch, circle points, put some together, use them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from eproxy_engine.runs import Store
from tests.browser.conftest import Dashboard, settle, tab

pytestmark = pytest.mark.browser

SMALL = "compare=snip,naswot,flops&n=12&compare-batch=4&compare-width=4"


def test_compare_circle_put_together_use(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/correlations?{SMALL}")
    settle(page)
    expect(page.get_by_text("3 proxies on 12 architectures: 24 evaluations")).to_be_visible()
    page.locator(".st-key-compare button:visible").click()
    expect(page).to_have_url(re.compile(r"run=\w+"))
    run_id = page.url.split("run=")[1].split("&")[0]
    expect(page.get_by_text(f"Run {run_id} · finished")).to_be_visible()
    settle(page)
    result = Store(dashboard.home / "store.sqlite3").run(run_id).result
    assert result is not None
    best = max(result["proxies"], key=lambda row: row["rho"])

    tab(page, "Scatter")
    expect(page.get_by_text(f"Highest of 3: {best['title']}, ρ = {best['rho']:.2f}")).to_be_visible()
    plot = page.locator(".nsewdrag").first
    expect(plot).to_be_attached()
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box is not None
    left, top, right, bottom = box["x"] + 1, box["y"] + 1, box["x"] + box["width"] - 1, box["y"] + box["height"] - 1
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((right, top), (right, bottom), (left, bottom), (left, top)):
        page.mouse.move(x, y, steps=5)
    page.mouse.up()
    selected = page.get_by_text(re.compile(r"\d+ selected of 12"))
    expect(selected).to_be_visible()
    assert int(selected.inner_text().split()[0]) >= 6
    expect(page.locator("svg.graph, [data-testid=stGraphVizChart] svg").first).to_be_visible()

    tab(page, "Ensemble")
    expect(page.get_by_test_id("stMetric").filter(has_text="Spearman ρ of the ensemble")).to_be_visible()
    page.get_by_role("button", name="Use this proxy").click()
    expect(page.get_by_text("An ensemble:")).to_be_visible()
    assert page.get_by_test_id("stException").count() == 0
