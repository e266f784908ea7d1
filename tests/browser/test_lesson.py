"""The lesson as a class takes it: step by step, moving what there is to move, and computing two numbers again."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from app.lesson.steps import STEPS
from tests.browser.conftest import Dashboard, settle

pytestmark = pytest.mark.browser

FIGURES = "[data-testid=stPlotlyChart], [data-testid=stGraphVizChart], iframe"
PATIENCE_SECONDS = 20
"""Three are promised on an idle machine; tests share theirs."""


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
        if number < len(STEPS):
            page.locator(".st-key-lesson-next-above button:visible").click()
            expect(page).to_have_url(re.compile(rf"step={number + 1}"))


def test_more_architectures_narrow_the_interval(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/why_a_barrier?step=6")
    settle(page)
    expect(page.get_by_text("n = 20").first).to_be_visible()
    page.get_by_role("slider", name="Architectures").focus()
    page.keyboard.press("End")
    expect(page.get_by_text(re.compile(r"With the barrier: ρ = 0\.\d\d \[.*\], n = 200"))).to_be_visible()


def test_two_curves_are_computed_again(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/why_a_barrier?step=5")
    settle(page)
    page.get_by_role("button", name="Compute these two").click()
    expect(page.get_by_text(re.compile(r"Computed here: \d+ of"))).to_be_visible(timeout=120_000)
    expect(page.get_by_text(f"Step 5 of {len(STEPS)}")).to_be_visible()
