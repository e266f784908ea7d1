"""Loss landscapes as a person makes them: choose, compute, turn the surfaces, measure, take the numbers home."""

from __future__ import annotations

import io
import json
import re

import numpy as np
import pytest
from playwright.sync_api import FrameLocator, Page, expect

from eproxy_engine.runs import Store
from tests.browser.conftest import Dashboard, settle, tab

pytestmark = pytest.mark.browser

CONFIGURATION = {
    "iterations": 2,
    "batch": 2,
    "width": 4,
    "branches": [{"features": ["net"], "c_mid": 16, "c_out": 16}],
}
VIEW = {"extremes": 0, "view": {"steps": 5}}
SMALL = f"n=1&images=noise&config={json.dumps(CONFIGURATION)}&landscape={json.dumps(VIEW)}"


def camera(plot: FrameLocator, scene: str) -> float:
    """Where the camera of a scene stands, east to west."""
    script = f"plot => plot._fullLayout.{scene}._scene.getCamera().eye.x"
    return float(plot.locator(".js-plotly-plot").evaluate(script))


def test_compute_turn_measure_download(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/landscape?{SMALL}")
    settle(page)
    expect(page.get_by_text("2 surfaces of 5 × 5 points")).to_be_visible()
    page.locator(".st-key-landscape button:visible").click()
    expect(page).to_have_url(re.compile(r"run=\w+"))
    run_id = page.url.split("run=")[1].split("&")[0]
    expect(page.get_by_text(f"Run {run_id} · finished")).to_be_visible()
    settle(page)

    plot = page.frame_locator("iframe").first
    expect(plot.get_by_text("with barrier").first).to_be_attached()
    expect(plot.locator(".js-plotly-plot canvas").first).to_be_attached()
    before = camera(plot, "scene")
    assert camera(plot, "scene2") == pytest.approx(before)
    box = page.locator("iframe").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + 250)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 4 + 120, box["y"] + 250, steps=8)
    page.mouse.up()
    page.wait_for_timeout(500)
    turned = camera(plot, "scene")
    assert abs(turned - before) > 0.1
    assert camera(plot, "scene2") == pytest.approx(turned, abs=1e-3)

    tab(page, "Measures")
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    tab(page, "Contours")
    expect(page.locator(".contourlayer .contour").first).to_be_attached()

    tab(page, "Export")
    with page.expect_download() as download:
        page.get_by_role("button", name="Numbers as NPZ").click()
    with np.load(io.BytesIO(download.value.path().read_bytes()), allow_pickle=False) as file:
        surfaces = Store(dashboard.home / "store.sqlite3").run(run_id).result["surfaces"]  # type: ignore[index]
        assert file["losses"].shape == (2, 5, 5)
        ranges = [float(loss.max() - loss.min()) for loss in file["losses"]]
        assert ranges == pytest.approx([row["loss_range"] for row in surfaces])
    assert page.get_by_test_id("stException").count() == 0
