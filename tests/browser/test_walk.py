"""The main job as a person does it: pick, tune, launch, watch, read ρ off the page, look closer, stop, resume."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Page, expect

from app.runs.listing import ROW_HEIGHT
from eproxy_engine.cli import group
from eproxy_engine.runs import Store
from tests.browser.conftest import Dashboard, settle

pytestmark = pytest.mark.browser

SMALL = '{"width":4,"iterations":3,"batch":4}'
"""Changes to the preset that make an evaluation take a tenth of a second."""


def rho_on(page: Page) -> str:
    metric = page.get_by_test_id("stMetric").filter(has_text="Spearman ρ")
    return metric.get_by_test_id("stMetricValue").inner_text()


def launch(page: Page) -> str:
    """Press the button; the new run's id."""
    page.get_by_role("button", name="Evaluate").click()
    expect(page).to_have_url(re.compile(r"run=\w+"))
    return page.url.split("run=")[1].split("&")[0]


def wait_for(page: Page, run: str, status: str) -> None:
    expect(page.get_by_text(f"Run {run} · {status} ·")).to_be_visible()
    settle(page)


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_test_id("stSelectbox").filter(has_text=label).get_by_role("combobox").click()
    page.get_by_role("option", name=option).click()
    settle(page)


def fill(page: Page, label: str, value: str) -> None:
    field = page.get_by_label(label, exact=True)
    expect(field).to_have_count(1)
    field.fill(value)
    field.press("Enter")
    settle(page)


def tick(page: Page, place: int) -> None:
    """Tick a run in the list, which is a canvas."""
    page.get_by_test_id("stDataFrame").first.click(position={"x": 18, "y": 36 + ROW_HEIGHT * (place + 0.5)})
    settle(page)


def downloaded(page: Page, label: str) -> str:
    """Press a button and return the path of the file."""
    settle(page)  # a rerun makes the file anew, under another address
    with page.expect_download() as download:
        page.get_by_role("button", name=label, exact=True).click()
    return str(download.value.path())


def test_pick_tune_launch_watch_read_reload_look_closer(page: Page, dashboard: Dashboard, tmp_path: Path) -> None:
    page.goto(f"{dashboard.url}/?config={SMALL}")
    settle(page)
    dot = page.locator(".st-key-start-picture .point").first
    place = dot.get_attribute("transform")
    page.get_by_text("switch it, and watch the dots").click()
    expect(page.get_by_text("Without the barrier: ρ")).to_be_visible()
    expect(dot).not_to_have_attribute("transform", str(place))
    page.get_by_role("link", name="1 · Pick architectures").click()
    expect(page.get_by_role("heading", name="Architectures").last).to_be_visible()
    settle(page)
    choose(page, "Search space", "NAS-Bench-101")
    fill(page, "Size", "16")
    expect(page.get_by_text("16 of 2,520 architectures")).to_be_visible()
    page.get_by_role("link", name="Next: tune a proxy on this sample").click()
    expect(page.get_by_text("16 architectures")).to_be_visible()
    settle(page)
    fill(page, "Learning rate", "0.5")
    run_id = launch(page)
    wait_for(page, run_id, "finished")

    run = Store(dashboard.home / "store.sqlite3").run(run_id)
    assert run.specification.space == "nasbench101"
    assert run.specification.sample.size == 16
    assert run.specification.proxy.learning_rate == 0.5
    assert run.specification.proxy.width == 4
    assert run.result is not None
    assert rho_on(page) == f"{run.result['rho']:.2f}".replace("-", "−")
    expect(page.get_by_text(re.compile(rf"ρ = .*{abs(run.result['rho']):.2f} \[.*n = 16"))).to_be_visible()

    rho, address = rho_on(page), page.url
    page.reload()
    wait_for(page, run_id, "finished")
    assert page.url == address
    assert rho_on(page) == rho
    expect(page.get_by_label("Learning rate", exact=True)).to_have_value("0.5")
    expect(page.get_by_label("Size", exact=True)).to_have_value("16")

    configuration = tmp_path / "proxy.yaml"
    configuration.write_text(run.specification.proxy.to_yaml(), "utf-8")
    command = f"evaluate --space nasbench101 --sample 16 --draw 1 --seed 1 --config {configuration} --workers 1 --json"
    printed = CliRunner().invoke(group, [*command.split(), "--store", str(tmp_path / "other.sqlite3")]).stdout
    assert json.loads(printed)["rho"] == run.result["rho"]

    page.locator(".scatterlayer .point").nth(3).click(force=True)
    expect(page.get_by_test_id("stGraphVizChart")).to_be_visible()
    expect(page.get_by_text("Final loss", exact=False).filter(has_text="n = 1")).to_be_visible()
    assert "arch=" in page.url


def test_stop_and_resume(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/proxy?n=70&draw=5&config={SMALL}&seed=7")
    settle(page)
    run_id = launch(page)
    expect(page.get_by_text(re.compile(r"\d+ of \d+ evaluations"))).to_be_visible()
    settle(page)
    page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Stop").click()  # not that of the header
    wait_for(page, run_id, "stopped")
    stopped = Store(dashboard.home / "store.sqlite3").run(run_id)
    assert 0 < stopped.progress["done"] < stopped.progress["total"]
    expect(page.get_by_text(re.compile(r"n = \d+"))).to_be_visible()

    page.reload()
    wait_for(page, run_id, "stopped")
    settle(page)
    page.get_by_role("button", name="Resume").click()
    wait_for(page, run_id, "finished")
    finished = Store(dashboard.home / "store.sqlite3").run(stopped.id)
    assert finished.result is not None
    assert finished.result["n"] == 70
    assert rho_on(page) == f"{finished.result['rho']:.2f}".replace("-", "−")


def test_runs_can_be_found_opened_exported_and_deleted(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/proxy?n=10&draw=9&config={SMALL}")
    settle(page)
    run_id = launch(page)
    wait_for(page, run_id, "finished")
    store = Store(dashboard.home / "store.sqlite3")
    run = store.run(run_id)

    page.goto(f"{dashboard.url}/runs")
    expect(page.get_by_role("heading", name=run.name)).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Name, tags, note").click()
    page.get_by_label("Name", exact=True).fill("Mine <b>first</b>")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Mine <b>first</b>")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Repeat").click()
    expect(page.get_by_text("a repetition would compute nothing")).to_be_visible()
    settle(page)
    before = len(store.runs())
    tick(page, 0)
    tick(page, 1)
    expect(page.get_by_text("2 runs selected")).to_be_visible()
    expect(page.get_by_text("further settings are the same in all of them")).to_be_visible()
    exported = Path(downloaded(page, "Export as zip"))
    report = Path(downloaded(page, "Report")).read_text("utf-8")
    assert "Mine &lt;b&gt;first&lt;/b&gt;" in report
    assert f"ρ {run.result['rho']:.2f}".replace("-", "−") in report  # type: ignore[index]

    fill(page, "Search", "mine first")
    expect(page.get_by_text(f"1 of {before} runs.")).to_be_visible()
    page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text(f"None of the {before - 1} runs fits")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Import").click()
    page.get_by_test_id("stFileUploader").locator("input").set_input_files(
        {"name": "runs.zip", "mimeType": "application/zip", "buffer": exported.read_bytes()}
    )
    expect(page.get_by_text("is here already")).to_be_visible()  # the other one of the file
    settle(page)
    assert len(store.runs()) == before
    page.keyboard.press("Escape")
    page.get_by_test_id("stBaseButton-primary").filter(has_text="Open").click()
    imported = next(each for each in store.runs() if each.name == "Mine <b>first</b>")
    wait_for(page, imported.id, "finished")
    assert rho_on(page) == f"{run.result['rho']:.2f}".replace("-", "−")  # type: ignore[index]


def test_accuracies_of_ones_own(page: Page, dashboard: Dashboard) -> None:
    """Import a CSV, see its task, and judge a proxy by it; a space without accuracies is scored all the same."""
    architectures = [
        f"|{first}~0|+|nor_conv_3x3~0|{second}~1|+|skip_connect~0|none~1|nor_conv_1x1~2|"
        for first in ("none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3")
        for second in ("skip_connect", "nor_conv_3x3")
    ]
    lines = ["architecture,mine (%)", *(f"{text},{50 + 1.5 * i}" for i, text in enumerate(architectures)), "nonsense,1"]
    page.goto(f"{dashboard.url}/architectures?space=nasbench201&config={SMALL}")
    settle(page)
    page.get_by_role("tab", name="Import accuracies").click()
    settle(page)
    page.get_by_test_id("stFileUploader").locator("input").set_input_files(
        {"name": "mine.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}
    )
    expect(page.get_by_text("nonsense", exact=False).first).to_be_attached()
    page.get_by_role("button", name="Import 10 rows").click()
    settle(page)
    choose(page, "Task", "mine")
    expect(page.get_by_text("10 with a known accuracy, 10 in the sample")).to_be_visible()
    page.get_by_role("tab", name="Tasks").click()
    expect(page.get_by_text("Tasks agree with", exact=False)).to_be_visible()
    page.get_by_role("link", name="Next: tune a proxy on this sample").click()
    settle(page)
    run_id = launch(page)
    wait_for(page, run_id, "finished")
    run = Store(dashboard.home / "store.sqlite3").run(run_id)
    assert run.specification.task == "mine"
    assert run.result is not None
    assert run.result["n"] == 10
    assert rho_on(page) == f"{run.result['rho']:.2f}".replace("-", "−")


def test_a_space_without_ground_truth_is_scored(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/proxy?space=nds-cifar10-resnet&n=2&config={SMALL}")
    settle(page)
    run_id = launch(page)
    wait_for(page, run_id, "finished")
    expect(page.get_by_text("nothing judges the ranking yet", exact=False)).to_be_visible()
    run = Store(dashboard.home / "store.sqlite3").run(run_id)
    assert run.result is not None
    assert (run.result["n"], run.result["evaluated"], run.result["rho"]) == (0, 2, None)


def test_two_architectures_are_compared_and_one_enlarged(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/architectures?space=nds-imagenet-nasnet&n=12")
    settle(page)
    page.get_by_role("button", name="Enlarge").first.click()
    expect(page.get_by_role("dialog").get_by_test_id("stGraphVizChart")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)  # while it goes, it takes clicks
    settle(page)
    table = page.get_by_test_id("stDataFrame").first
    for row in (1, 2):  # their boxes to tick: the table is a canvas, and what is chosen may move it
        table.scroll_into_view_if_needed()
        corner = table.bounding_box()
        assert corner is not None
        page.mouse.click(corner["x"] + 18, corner["y"] + 35 * row + 18)
        settle(page)
    expect(page.get_by_role("heading", name="Side by side")).to_be_visible()
    expect(page.get_by_test_id("stGraphVizChart")).to_have_count(4)
