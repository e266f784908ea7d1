"""Pictures of the guides, a page of the dashboard each: ``python -m docs.pictures.guides [NAME …]``.

They show the runs that ship, in the light theme, 1280 pixels wide.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from playwright.sync_api import Page

from docs.pictures.dashboard import IMAGES, go, opened, picture, shipped
from tests.browser.conftest import Dashboard

QUALITY = 82
"""Of the WebP files: text stays sharp."""


@dataclass(frozen=True)
class Shot:
    """What a picture shows.

    ``address``: of the page. ``run``: kind and search space of a run that ships, which is opened. ``tab``: which is
    opened.
    """

    address: str
    run: tuple[str, str] | None = None
    tab: str | None = None


SHOTS = {
    "start": Shot(""),
    "architectures": Shot("architectures?space=nasbench201"),
    "architectures-size": Shot("architectures?space=nasbench201", tab="Accuracy and size"),
    "proxy": Shot("proxy", ("evaluate", "nasbench201"), "Scatter"),
    "proxy-curves": Shot("proxy", ("evaluate", "nasbench201"), "Loss curves"),
    "correlations": Shot("correlations", ("compare", "nasbench201"), "Scatter"),
    "correlations-table": Shot("correlations", ("compare", "nasbench201"), "Table"),
    "learned-ranking": Shot("learned_ranking?space=nasbench101", tab="Ranking"),
    "learned-ranking-next": Shot("learned_ranking?space=nasbench101", tab="Measure next"),
    "proxy-search": Shot("proxy_search", ("dps", "nasbench101"), "History"),
    "proxy-search-judgement": Shot("proxy_search", ("dps", "nasbench101"), "Judgement"),
    "architecture-search": Shot("architecture_search", ("search", "nasbench201"), "Best so far"),
    "architecture-search-found": Shot("architecture_search", ("search", "nasbench201"), "Found"),
    "loss-landscape": Shot("landscape", ("landscape", "nasbench101"), "Surfaces"),
    "loss-landscape-contours": Shot("landscape", ("landscape", "nasbench101"), "Contours"),
    "why-a-barrier": Shot("why_a_barrier?step=6"),
    "scoreboard": Shot("scoreboard", tab="Table 2: NAS-Bench-101"),
    "runs": Shot("runs"),
}


def take(page: Page, dashboard: Dashboard, name: str) -> None:
    """Open the page and store its picture."""
    shot = SHOTS[name]
    address = shipped(dashboard, shot.address, *shot.run) if shot.run else f"{dashboard.url}/{shot.address}"
    go(page, address, shot.tab)
    picture(page).save(IMAGES / f"{name}.webp", quality=QUALITY, method=6)


def main(names: list[str]) -> None:
    """Take the pictures of these names, or all."""
    IMAGES.mkdir(exist_ok=True)
    with opened() as (page, dashboard):
        for name in names or SHOTS:
            take(page, dashboard, name)


if __name__ == "__main__":
    main(sys.argv[1:])
