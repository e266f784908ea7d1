"""The lesson as a class takes it: step by step, moving what there is to move, then on the whole screen."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from app.lesson.steps import STEPS
from tests.browser.conftest import Dashboard, settle

pytestmark = pytest.mark.browser

FIGURES = "[data-testid=stPlotlyChart], [data-testid=stGraphVizChart], iframe, [data-testid=stMetric]"
PATIENCE_SECONDS = 600
"""Three are promised on an idle machine; tests share theirs."""
PLACES = """plot => plot.calcdata[0].map((dot) => dot.x).join()"""


def test_walk_through_all_steps(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/why_a_barrier")
    for number, step in enumerate(STEPS, 1):
        started = time.monotonic()
        expect(page.get_by_role("heading", name=step.TITLE, exact=True)).to_be_visible()
        expect(page.get_by_text(f"Step {number} of {len(STEPS)}")).to_be_visible()
        settle(page)
        assert time.monotonic() - started < PATIENCE_SECONDS
        expect(page.locator(FIGURES).first).to_be_visible()
        questions = page.get_by_test_id("stExpander")
        assert questions.count() >= 2
        questions.first.click()
        expect(questions.first.get_by_test_id("stMarkdownContainer").last).to_be_visible()
        for failure in ("stException", "stAlertContentError"):
            assert page.get_by_test_id(failure).count() == 0, step.TITLE
        MOVED.get(step.TITLE, lambda page: None)(page)
        if number < len(STEPS):
            page.locator(".st-key-lesson-next-above button:visible").click()
            expect(page).to_have_url(re.compile(rf"step={number + 1}"))
    _before_a_class(page)


def _sort(page: Page) -> None:
    """The dots move from iteration to iteration."""
    plot = page.locator(".js-plotly-plot").first
    before = plot.evaluate(PLACES)
    rail = page.locator(".slider-rail-touch-rect").first
    rail.scroll_into_view_if_needed()
    box = rail.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] - 4, box["y"] + box["height"] / 2)
    page.wait_for_function(f"before => ({PLACES})(document.querySelector('.js-plotly-plot')) !== before", arg=before)
    expect(page.get_by_text(re.compile(r"^ρ = 0\.[4-9]\d$")).first).to_be_attached()


def _more_architectures(page: Page) -> None:
    expect(page.get_by_text("n = 20").first).to_be_visible()
    page.get_by_role("slider", name="Architectures").focus()
    page.keyboard.press("End")
    expect(page.get_by_text(re.compile(r"With the barrier: ρ = 0\.\d\d \[.*\], n = 200"))).to_be_visible()


MOVED = {"Watch them sort": _sort, "The ranking": _more_architectures}


def _before_a_class(page: Page) -> None:
    """Arrow keys turn the pages and show questions, and the address leads back to the same page."""
    last = len(STEPS)
    page.locator(".st-key-lesson-teach button:visible").click()
    expect(page.get_by_text(f"{last} / {last}")).to_be_visible()
    settle(page)
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text(f"{last - 1} / {last}")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"step={last - 1}.*teach=on"))
    page.reload()
    expect(page.get_by_text(f"{last - 1} / {last}")).to_be_visible()
    settle(page)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("heading", name=re.compile(r"\?$")).last).to_be_visible()
    expect(page.get_by_role("button", name="Show the answer")).to_be_visible()
