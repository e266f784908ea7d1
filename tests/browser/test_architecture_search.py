"""An architecture search as a person does it: launch, read what it took, look at what it found, take the network."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from eproxy_engine.runs import Store
from tests.browser.conftest import Dashboard, settle, tab

pytestmark = pytest.mark.browser

SMALL = quote('{"strategies":["evolution"],"seeds":3,"settings":{"queries":60}}')


def test_launch_read_and_take_the_network(page: Page, dashboard: Dashboard, tmp_path: Path) -> None:
    page.goto(f"{dashboard.url}/architecture_search?task=cifar100&nas={SMALL}")
    settle(page)
    expect(page.get_by_text("60 queries, 3 seeds, nothing to compute")).to_be_visible()
    page.locator(".st-key-launch-nas button:visible").click()
    expect(page).to_have_url(re.compile(r"run=\w+"))
    run_id = page.url.split("run=")[1].split("&")[0]
    expect(page.locator(".gtitle")).to_contain_text("after 60 queries")
    settle(page)
    result = Store(dashboard.home / "store.sqlite3").run(run_id).result
    assert result is not None
    expect(page.locator(".gtitle")).to_contain_text(f"evolution: {result['accuracy']['mean']:.2f} ± ")

    tab(page, "Found")
    expect(page.get_by_text(f"Run {run_id} · finished")).to_be_visible()
    expect(page.get_by_test_id("stCode").filter(has_text=result["best"]["architecture"])).to_be_visible()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Network as Python").click()
    downloading.value.save_as(tmp_path / "found.py")
    assert "class FoundNetwork(nn.Module)" in (tmp_path / "found.py").read_text("utf-8")

    tab(page, "Map")
    point = page.locator(".scatterlayer .point").first
    point.click(force=True)
    expect(page.get_by_text("Shown: selected")).to_be_visible()
    assert page.get_by_test_id("stException").count() == 0
