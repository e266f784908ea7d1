"""A proxy search as a person does it: launch, watch, pause, resume, read what it found, click into it, use it."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from eproxy_engine.runs import Store
from tests.browser.conftest import Dashboard, settle, tab

pytestmark = pytest.mark.browser

SPACE = "space=transnas101-macro&task=class_scene"
"""Trained in a third of the time of NAS-Bench-201's networks; and no search of it ships, which would be drawn."""
SMALL = quote('{"population":2,"cycles":1,"tournament":2,"members":2,"width":4,"proxy_space":"lean","prior":false}')


def test_search_watch_pause_resume_read_use(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/proxy_search?{SPACE}&dps-n=5&held-out=10&dps={SMALL}")
    settle(page)
    expect(page.get_by_text("3 configurations on 5 architectures")).to_be_visible()
    page.locator(".st-key-launch-search button:visible").click()
    expect(page).to_have_url(re.compile(r"run=\w+"))
    run_id = page.url.split("run=")[1].split("&")[0]
    expect(page.get_by_text(re.compile(rf"Run {run_id} · running"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"\d+ of \d+ evaluations"))).to_be_visible()
    settle(page)  # a press that begins while the page is drawn may end on what took the button's place
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text(f"Run {run_id} · paused")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text(f"Run {run_id} · paused")).to_have_count(0)
    page.reload()
    expect(page.get_by_text(f"Run {run_id} · finished")).to_be_visible()
    settle(page)

    result = Store(dashboard.home / "store.sqlite3").run(run_id).result
    assert result is not None
    held_out = (
        page.get_by_test_id("stMetric").filter(has_text="Proxy found, held-out ρ").get_by_test_id("stMetricValue")
    )
    expect(held_out).to_have_text(f"{result['rho']:.2f}".replace("-", "−"))
    page.locator(".scatterlayer .point").first.click(force=True)
    expect(page.get_by_text(re.compile(r"Trial \d+: ρ on the sample"))).to_be_visible()
    tab(page, "Judgement")
    expect(page.locator(".scatterlayer .point:visible").first).to_be_visible()
    tab(page, "Found proxy")
    expect(page.get_by_text("The mean rank of 2 configurations")).to_be_visible()
    page.get_by_role("button", name="Use this proxy").click()
    expect(page.get_by_text("An ensemble:")).to_be_visible()
    expect(page.get_by_text("by an ensemble of 2")).to_be_visible()
    assert page.get_by_test_id("stException").count() == 0
