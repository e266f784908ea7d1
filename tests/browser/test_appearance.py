"""Every page opens in both themes and several sizes without an error, also on a damaged address or store."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from app.charts import palette
from tests.app.test_small_space import FOUR
from tests.browser.conftest import AS_STREAMLIT_USERS_DO, Dashboard, serve, settle

pytestmark = pytest.mark.browser

PAGES = {
    "": "Eproxy Studio",
    "architectures": "Architectures",
    "proxy": "Proxy",
    "correlations": "Correlations",
    "proxy_search": "Proxy search",
    "architecture_search": "Architecture search",
    "landscape": "Loss landscape",
    "why_a_barrier": "Why a barrier?",
    "scoreboard": "Scoreboard",
    "runs": "Runs",
}
VARIANTS: tuple[tuple[Literal["light", "dark"], int], ...] = (("light", 1280), ("dark", 420))
"""Each theme and each width: colours do not depend on the width, nor the layout on the theme."""


@pytest.mark.parametrize(("path", "heading"), PAGES.items(), ids=PAGES.values())
def test_every_page_opens(page: Page, dashboard: Dashboard, path: str, heading: str) -> None:
    page.goto(f"{dashboard.url}/{path}")
    for scheme, width in VARIANTS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 720})
        expect(page.get_by_role("heading", name=heading, exact=True, level=1)).to_be_visible()
        settle(page)
        assert page.get_by_test_id("stAlertContentError").count() == 0
        assert page.get_by_test_id("stException").count() == 0
        assert (brightness_of(page) < 128) == (scheme == "dark")
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{heading} is wider than the window of {width} pixels"
        assert page.get_by_test_id("stSkillsNudge").count() == 0
        headings = page.get_by_test_id("stMain").locator(":is(h1, h2, h3, h4, h5, h6):visible")
        levels = headings.evaluate_all("all => all.map((each) => Number(each.tagName[1]))")
        assert all(after <= before + 1 for before, after in pairwise(levels)), f"{heading} skips a level: {levels}"
        for button in page.locator("button[kind^=primary]:visible").all():
            can_be_pressed_all_over(button)


def test_blue_is_lighter_on_a_dark_page(page: Page, dashboard: Dashboard) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(f"{dashboard.url}/correlations")
    settle(page)
    points = page.locator(".js-plotly-plot .point").first
    expect(points).to_have_css("fill", rgb(palette.BLUE_ON_DARK))
    page.emulate_media(color_scheme="light")
    expect(points).to_have_css("fill", rgb(palette.BLUE))


def rgb(colour: str) -> str:
    """As browsers write it."""
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"


def can_be_pressed_all_over(button: Locator) -> None:
    """Nothing lies over its left end, middle or right end."""
    button.hover(trial=True, timeout=20_000)  # the middle, once it has stopped moving
    box = button.bounding_box()
    assert box is not None
    for x in (6, box["width"] - 6):
        button.hover(position={"x": x, "y": box["height"] / 2}, trial=True, timeout=20_000)


def brightness_of(page: Page) -> float:
    """Mean of the background's red, green and blue, 0 to 255."""
    colour = page.get_by_test_id("stApp").evaluate("app => getComputedStyle(app).backgroundColor")
    return sum(map(float, re.findall(r"[\d.]+", colour)[:3])) / 3


def test_first_start_shows_a_real_run(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/runs")
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    page.goto(dashboard.url)
    expect(page.locator(".scatterlayer .point").first).to_be_visible()
    page.goto(f"{dashboard.url}/proxy")
    a_chart_can_be_used(page)


def a_chart_can_be_used(page: Page) -> None:
    """The tool bar lies over no title; a broken network is at the edge until all are shown."""
    chart = page.get_by_test_id("stPlotlyChart").first
    chart.hover()
    tools, title = (chart.locator(each).bounding_box() for each in (".modebar", ".gtitle"))
    assert tools is not None
    assert title is not None
    assert tools["y"] > title["y"] + title["height"]
    edge = chart.get_by_text("at the edge")
    expect(edge).to_be_visible()
    chart.get_by_text("Show all").click()
    expect(edge).to_be_hidden()
    chart.get_by_text("Show all").click()
    expect(edge).to_be_visible()


def test_the_terminal_says_where_it_is_and_nothing_else(dashboard: Dashboard) -> None:
    printed = dashboard.log.read_text("utf-8")
    assert printed.startswith(f"Eproxy Studio: {dashboard.url} ")
    assert "Streamlit" not in printed
    assert (dashboard.home / "opened").read_text("utf-8").strip() == dashboard.url


def test_what_an_address_says_wrongly_is_told(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/proxy?space=nasbench999&n=abc&config={{&preset=none&arch=x&run=nothing")
    settle(page)
    for part in ("space in the address", "'abc'", "unknown preset 'none'", "config in the address"):
        expect(page.get_by_text(part).first).to_be_visible()
    expect(page.get_by_role("button", name="Evaluate")).to_be_visible()
    assert page.get_by_test_id("stException").count() == 0


def test_what_users_wrote_is_shown_word_for_word(page: Page, dashboard: Dashboard) -> None:
    mistyped = "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|*_x_*~2|"
    page.goto(f"{dashboard.url}/architectures?space=nasbench201&n=3")
    settle(page)
    page.get_by_test_id("stSelectbox").filter(has_text="Sample").get_by_role("combobox").click()
    page.get_by_role("option", name="picked by hand").click()
    settle(page)
    typed = page.get_by_role("textbox", name="Architectures, one per line")
    typed.fill(mistyped)
    typed.press("Control+Enter")
    told = page.get_by_test_id("stAlertContentError")
    expect(told).to_contain_text(f"'{mistyped}'; accepted: three nodes of operation~source, as in |nor_conv_3x3~0|+|")
    assert told.locator("del, em, a").count() == 0


def test_a_link_to_a_run_that_is_not_here_says_so(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/proxy?run=deadbeef")
    settle(page)
    expect(page.get_by_text("The run 'deadbeef' is not here")).to_be_visible()
    assert page.get_by_test_id("stMetric").count() == 0
    page.get_by_role("button", name="Show the latest").click()
    expect(page.get_by_test_id("stMetric").first).to_be_visible()
    expect(page).not_to_have_url(re.compile("run="))


def test_a_store_that_is_no_database_is_told(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a dashboard that was started as every user of Streamlit is used to, from another folder, with a search space
    of four networks that nobody has measured."""
    (tmp_path / "four_nets.py").write_text(FOUR, encoding="utf-8")
    monkeypatch.setenv("EPROXY_PLUGINS", str(tmp_path / "four_nets.py"))
    (tmp_path / "store.sqlite3").write_text(
        "this is no database, only some text that is long enough to be read as one", "utf-8"
    )
    for dashboard in serve(tmp_path, AS_STREAMLIT_USERS_DO, folder=tmp_path):
        page = browser.new_page()
        page.goto(f"{dashboard.url}/proxy")
        expect(page.get_by_text("it is not a database")).to_be_visible(timeout=30_000)
        assert page.get_by_text("Traceback").count() == 0
        page.goto(f"{dashboard.url}/architectures")
        expect(page.get_by_text("15,625 with a known accuracy")).to_be_visible(timeout=30_000)
        assert page.get_by_test_id("stSkillsNudge").count() == 0
        page.goto(f"{dashboard.url}/architectures?space=four-nets")
        expect(page.get_by_text("0 with a known accuracy, 4 in the sample")).to_be_visible(timeout=30_000)
        expect(page.get_by_role("tab", name="Import accuracies")).to_be_visible()
        assert page.get_by_test_id("stAlertContentError").count() == 0
        page.close()
