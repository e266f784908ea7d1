"""A dashboard of a new user, and a browser 1280 pixels wide that looks at it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from app.shell.choice import Choice, with_run
from eproxy_engine.runs import Store
from tests.browser.conftest import FLAGS, PATIENCE_MS, SCRIPT_RUNS, Dashboard, serve, settle, tab
from tests.browser.install_chromium import system_chromium

IMAGES = Path(__file__).parents[1] / "images"
WIDTH, HEIGHT = 1280, 1000
DRAWING_MS = 5000
"""How long large figures take to be drawn without a graphics card."""


@contextmanager
def opened() -> Iterator[tuple[Page, Dashboard]]:
    """Serve a dashboard that has what ships and nothing else, and open its start page."""
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=system_chromium(), args=FLAGS)
        page = chromium.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.add_init_script(path=SCRIPT_RUNS)
        page.set_default_timeout(PATIENCE_MS)
        serving = serve(Path(home))
        try:
            dashboard = next(serving)
            go(page, dashboard.url)
            yield page, dashboard
        finally:
            chromium.close()
            serving.close()


def go(page: Page, address: str, name: str | None = None) -> None:
    """Open an address, and the tab of that name."""
    page.goto(address)
    settle(page)
    if name:
        tab(page, name)
    drawn(page)


def drawn(page: Page) -> None:
    """Wait until nothing is loading any more, and surfaces have their third dimension."""
    page.wait_for_function("() => !document.querySelector('[data-testid=stSkeleton]')")
    for frame in page.frames[1:]:
        frame.wait_for_selector("canvas", state="attached")
    page.wait_for_timeout(DRAWING_MS)


def shipped(dashboard: Dashboard, page: str, kind: str, space: str) -> str:
    """Address of the first run of a kind that ships, on a search space, with all that it was launched with."""
    runs = Store(dashboard.home / "store.sqlite3").runs()
    run = next(run for run in runs if (run.kind, run.specification.space) == (kind, space))
    return f"{dashboard.url}/{page}?{urlencode(with_run(Choice(), run).to_query(), doseq=True)}"


def picture(page: Page) -> Image.Image:
    """What the browser shows, without what a pointer would show."""
    page.mouse.move(0, HEIGHT - 1)
    return Image.open(BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
