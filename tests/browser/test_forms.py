"""Forms and headings fit: what matters most is seen without scrolling, and nothing is cut on half a screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Dashboard, settle

pytestmark = pytest.mark.browser

CUT = "nodes => nodes.filter(node => node.scrollWidth > node.clientWidth + 1).map(node => node.innerText)"


def middle(found: Locator) -> float:
    box = found.bounding_box()
    assert box is not None
    return box["y"] + box["height"] / 2


def test_the_form_starts_with_what_matters_and_half_a_screen_cuts_nothing(page: Page, dashboard: Dashboard) -> None:
    main, sidebar = page.get_by_test_id("stMainBlockContainer"), page.get_by_test_id("stSidebar")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{dashboard.url}/proxy?n=100")
    settle(page)
    line = sidebar.locator("summary").first
    expect(line).to_contain_text("NAS-Bench-201 · CIFAR-10 · 100 at random · seed 1")
    for found in (line, sidebar.get_by_text("Target features"), sidebar.get_by_label("Learning rate", exact=True)):
        expect(found).to_be_in_viewport()
    line.click()
    size = sidebar.get_by_label("Size", exact=True)
    size.fill("30")
    size.press("Tab")
    settle(page)
    expect(line).to_contain_text("30 at random")
    expect(size).to_be_visible()  # it stays open, and the keyboard where it was
    assert page.evaluate("document.activeElement.closest('[data-testid=stSidebar]') !== null")

    page.set_viewport_size({"width": 800, "height": 800})
    heights = []
    for path, name in (("proxy", "Evaluate"), ("architecture_search", "Search")):
        page.goto(f"{dashboard.url}/{path}")
        settle(page)
        heading, button = main.get_by_role("heading", level=1), main.get_by_role("button", name=name).first
        below = page.get_by_test_id("stHeader").bounding_box()
        assert below is not None
        box = heading.bounding_box()
        assert box is not None
        assert box["y"] >= below["y"] + below["height"]
        assert box["height"] < 60, "one line"
        assert abs(middle(heading) - middle(button)) < 12
        heights.append(round(middle(button)))
        assert main.locator("button[kind=primary] p").evaluate_all(CUT) == []
        assert main.locator("[data-testid=stMetricValue] > div").evaluate_all(CUT) == []
    assert heights[0] == heights[1]
