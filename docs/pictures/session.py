"""The moving picture of the README, a real session: ``python -m docs.pictures.session``.

A new dashboard; a proxy is launched and watched, a point looked at; twenty other proxies, a learned ranking and a loss
landscape follow. What is computed is computed while the pictures are taken.
"""

from __future__ import annotations

import json
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Page

from docs.pictures.dashboard import IMAGES, go, opened, picture, shipped
from eproxy_engine.runs import Store
from tests.browser.conftest import Dashboard, settle

SIZE = (960, 750)
QUALITY = 75
LIVE_MS, STILL_MS = 600, 2600
"""How long a picture is shown: one of a run that goes on, and one to read."""
BETWEEN_MS = 2000
MOST_LIVE = 12
CAPTION = """text => {
    let shown = document.getElementById("caption");
    if (!shown) {
        shown = document.body.appendChild(document.createElement("div"));
        shown.id = "caption";
        shown.style = "position:fixed;bottom:0;left:0;right:0;z-index:1000000;padding:16px;text-align:center;" +
            "font:600 26px sans-serif;background:#0b2b3c;color:white";
    }
    shown.textContent = text;
}"""


class Film:
    """Pictures of a page, and how long each is shown."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.frames: list[Image.Image] = []
        self.milliseconds: list[int] = []

    def take(self, caption: str, milliseconds: int = STILL_MS) -> None:
        """Take the picture of what is shown."""
        self.page.evaluate(CAPTION, caption)
        self.frames.append(picture(self.page).resize(SIZE, Image.Resampling.LANCZOS))
        self.milliseconds.append(milliseconds)

    def save(self) -> None:
        """Write the film as an animated WebP, which repeats."""
        first, *others = self.frames
        first.save(
            IMAGES / "session.webp",
            save_all=True,
            append_images=others,
            duration=self.milliseconds,
            loop=0,
            quality=QUALITY,
            method=4,
        )


def watched(film: Film, dashboard: Dashboard) -> None:
    """Launch a proxy and take pictures until it has finished."""
    page = film.page
    asked = {"space": "nasbench201", "n": 60, "draw": 3, "config": json.dumps({"width": 8})}
    go(page, f"{dashboard.url}/proxy?{urlencode(asked)}")
    film.take("Design a proxy: ten iterations on a synthetic task")
    page.get_by_role("button", name="Evaluate").click()
    page.wait_for_url("**run=**")
    run = page.url.split("run=")[1].split("&")[0]
    store = Store(dashboard.home / "store.sqlite3")
    while store.run(run).status != "finished":
        if len(film.frames) < MOST_LIVE and not page.locator('[data-stale="true"]').count():
            film.take("See at once how well it ranks networks", LIVE_MS)
        page.wait_for_timeout(BETWEEN_MS)
    settle(page)
    page.get_by_role("radio", name="Ranks").click()
    settle(page)
    film.take("See at once how well it ranks networks")
    page.locator(".scatterlayer .point").nth(40).click(force=True)
    settle(page)
    film.take("Click a point: its cell, its loss curve")


def main() -> None:
    """Take the film."""
    with opened() as (page, dashboard):
        film = Film(page)
        film.take("How good will a network be, before anyone trains it?")
        watched(film, dashboard)
        go(page, shipped(dashboard, "correlations", "compare", "nasbench201"), "Cost")
        film.take("Compare it with twenty other proxies")
        go(page, f"{dashboard.url}/learned_ranking?space=nasbench201", "Ranking")
        film.take("Twenty measured networks rank all others")
        go(page, shipped(dashboard, "proxy_search", "dps", "nasbench101"), "History")
        film.take("Or search the proxy itself")
        go(page, shipped(dashboard, "architecture_search", "search", "nasbench201"), "Best so far")
        film.take("Find the best network in a few queries")
        go(page, shipped(dashboard, "landscape", "landscape", "nasbench101"), "Surfaces")
        film.take("Look at the loss, with and without the barrier")
        film.save()


if __name__ == "__main__":
    main()
