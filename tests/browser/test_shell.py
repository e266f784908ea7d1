"""What frames every page: Back and Forward, results that are not of the controls, and the status of what runs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from eproxy_engine.proxy import preset
from eproxy_engine.runs import EvaluationSpecification, Store
from eproxy_engine.runs.lease import Lease
from eproxy_engine.sampling import Sample
from tests.browser.conftest import Dashboard, settle
from tests.browser.test_walk import SMALL, fill, launch

pytestmark = pytest.mark.browser

KEEP_LAST_SENT = """
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (data) {
        window.lastSent = { socket: this, data };
        send.call(this, data);
    };
"""


def go_to(page: Page, group: str, title: str) -> None:
    page.get_by_test_id("stTopNavSection").filter(has_text=group).click()
    page.get_by_test_id("stTopNavDropdownLink").filter(has_text=title).click()
    settle(page)


def is_titled(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", name=title, exact=True, level=1)).to_be_visible()
    expect(page).to_have_title(f"{title} · Eproxy Studio")


def opacity(page: Page) -> float:
    return float(page.get_by_role("tablist").evaluate("tabs => getComputedStyle(tabs.closest('.stTabs')).opacity"))


def test_back_leaves_a_page_in_one_press_and_restores_what_the_address_says(page: Page, dashboard: Dashboard) -> None:
    page.goto(dashboard.url)
    expect(page).to_have_title("Start · Eproxy Studio")
    settle(page)
    drawn = page.get_by_test_id("stGraphVizChart").locator("text").first
    of_light = drawn.get_attribute("fill") or ""
    page.emulate_media(color_scheme="dark")
    expect(drawn).not_to_have_attribute("fill", of_light)
    go_to(page, "Explore", "Proxy")
    is_titled(page, "Proxy")
    other = page.get_by_text("These results are for other settings (100 architectures). Press Evaluate to update.")
    expect(other).to_have_count(0)
    assert opacity(page) == 1
    page.get_by_text("100 at random").click()
    fill(page, "Size", "20")
    fill(page, "Size", "21")
    expect(other).to_be_visible()
    assert opacity(page) < 1
    page.go_back()
    settle(page)
    expect(page).to_have_title("Start · Eproxy Studio")
    expect(drawn).to_be_visible()
    page.go_forward()
    settle(page)
    is_titled(page, "Proxy")
    expect(page.get_by_text("21 at random")).to_be_visible()

    go_to(page, "Learn", "Why a barrier?")
    page.get_by_role("button", name="Next").first.click()
    expect(page).to_have_url(re.compile("step=2"))
    settle(page)
    page.go_back()
    expect(page.get_by_text("Step 1 of")).to_be_visible()
    page.go_back()
    settle(page)
    is_titled(page, "Proxy")


def test_the_status_is_on_every_page_and_the_tab_says_when_it_is_done(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/proxy?n=60&draw=11&config={SMALL}")
    settle(page)
    run_id = launch(page)
    status = page.locator(".st-key-open-status")
    expect(status).to_contain_text("Proxy · ")
    settle(page)
    go_to(page, "Records", "Scoreboard")
    expect(page).to_have_title("✓ done – Scoreboard · Eproxy Studio")
    expect(status).to_contain_text("✓ Proxy · done")
    status.get_by_role("button").click()
    expect(page.get_by_text(f"Run {run_id} · finished ·")).to_be_visible()
    expect(page).to_have_title("Proxy · Eproxy Studio")
    expect(status).to_have_count(0)


def test_a_late_question_of_another_page_does_not_clear_this_one(page: Page, dashboard: Dashboard) -> None:
    store = Store(dashboard.home / "store.sqlite3")
    held = store.create(EvaluationSpecification("nasbench201", "cifar10", Sample("random", 3, 77), preset("laptop")))
    with Lease(store, held.id):  # this test is its worker
        page.add_init_script(KEEP_LAST_SENT)
        page.goto(f"{dashboard.url}/scoreboard")
        expect(page.locator(".st-key-open-status")).to_contain_text("Proxy · running")
        settle(page)
        page.evaluate("() => (window.lastSent = null)")
        page.wait_for_function(
            "() => (window.ofScoreboard = window.lastSent)"
        )  # the page asks by itself for the status
        go_to(page, "Explore", "Proxy")
        page.evaluate("() => window.ofScoreboard.socket.send(window.ofScoreboard.data)")
        settle(page)
        expect(page.get_by_role("heading", name="Proxy", exact=True, level=1)).to_be_visible()
        expect(page).to_have_url(re.compile("/proxy"))
    store.delete(held.id)
