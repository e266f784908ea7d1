"""Loss landscapes as a person makes them: compute, watch rows appear, turn the surfaces, measure, take numbers home."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from playwright.sync_api import FrameLocator, Page, expect

from app.shell.errors import UNEXPECTED
from eproxy_engine.landscape.computing import evaluate
from eproxy_engine.runs import Store
from tests.app.watching import watched
from tests.browser.conftest import Dashboard, serve, settle, tab

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


def camera(plot: FrameLocator, scene: str) -> float:
    """Where the camera of a scene stands, east to west."""
    script = f"plot => plot._fullLayout.{scene}._scene.getCamera().eye.x"
    return float(plot.locator(".js-plotly-plot").evaluate(script))


def test_compute_watch_turn_measure_download(page: Page, alone: Dashboard) -> None:
    """The test is the worker, and computes the next part once the page shows the one before: rows appear, and the page
    never fails on what is not there yet."""
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(f"{alone.url}/landscape?{SMALL}")
    settle(page)
    expect(page.get_by_text("2 surfaces of 3 × 3 points")).to_be_visible()
    page.locator(".st-key-landscape button:visible").click()
    expect(page).to_have_url(re.compile(r"run=\w+"))

    def look(state: str, moment: int) -> None:
        if state == "running":
            for text in SHOWN.get(moment, ()):
                expect(page.get_by_text(text).first).to_be_visible()
        assert page.get_by_text(UNEXPECTED).count() == 0, f"{state}, after {moment}"

    with closing(Store(alone.home / "store.sqlite3")) as store:
        run = store.run(page.url.split("run=")[1].split("&")[0])
        run = watched(store, run, lambda each: evaluate(each, "cpu"), look)
    assert run.status == "finished"
    expect(page.get_by_text(f"Run {run.id} · finished")).to_be_visible()
    expect(page.frame_locator("iframe").get_by_text(re.compile("^With the barrier"))).to_be_visible()
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
        assert file["losses"].shape == (2, 3, 3)
        ranges = [float(loss.max() - loss.min()) for loss in file["losses"]]
        assert ranges == pytest.approx([row["loss_range"] for row in run.result["surfaces"]])  # type: ignore[index]
    assert page.get_by_test_id("stException").count() == 0
    assert page.get_by_text(UNEXPECTED).count() == 0
    assert failures == []
