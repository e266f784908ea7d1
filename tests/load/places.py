"""Where the measurement goes, and what it clicks there: what somebody does on these pages all the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, Position

from app.runs.listing import ROW_HEIGHT


@dataclass(frozen=True)
class Act:
    """Something that is done on a page."""

    name: str
    do: Callable[[Page], object]

    def __call__(self, page: Page) -> None:
        self.do(page)


def tab(name: str) -> Act:
    return Act(name, lambda page: page.get_by_role("tab", name=name, exact=True).click())


def button(name: str) -> Act:
    return Act(name, lambda page: page.get_by_role("button", name=name, exact=True).first.click())


def toggle(name: str) -> Act:
    return Act(
        name, lambda page: page.get_by_test_id("stCheckbox").filter(has_text=name).locator("label").first.click()
    )


def option(name: str) -> Act:
    return Act(name, lambda page: page.get_by_role("radio", name=name, exact=True).click())


def more(label: str) -> Act:
    """One more in a number field, which the sample's line may hide."""

    def act(page: Page) -> None:
        field = page.get_by_label(label, exact=True)
        if not field.is_visible():
            page.get_by_test_id("stSidebar").locator("summary").first.click()
        field.press("ArrowUp")

    return Act(f"{label} + 1", act)


def row(number: int) -> Act:
    """The box to tick of a row of the list of runs, which is a canvas under a header of 35 pixels."""
    place: Position = {"x": 18.0, "y": 35 + ROW_HEIGHT * (number - 0.5)}
    return Act(f"row {number}", lambda page: page.get_by_test_id("stDataFrame").first.click(position=place))


def table_numbered(number: int) -> Act:
    """A tab of the scoreboard."""
    return Act(f"Table {number}", lambda page: page.get_by_role("tab", name=f"Table {number}").click())


@dataclass(frozen=True)
class Place:
    """A page of the dashboard."""

    title: str
    """In the navigation bar."""
    path: str
    group: str
    """Of the navigation bar."""
    clicks: tuple[Act, ...]
    """Taken in turn; each makes the page's script run."""


PLACES = (
    Place("Start", "", "Explore", ()),
    Place(
        "Architectures",
        "architectures",
        "Explore",
        (
            tab("Accuracy and size"),
            more("Size"),
            tab("Tasks"),
            tab("All search spaces"),
            tab("Sample"),
            more("Sample seed"),
        ),
    ),
    Place(
        "Proxy",
        "proxy",
        "Explore",
        (
            option("Ranks"),
            more("Learning rate"),
            tab("Loss curves"),
            toggle("Logarithmic loss"),
            tab("Table"),
            more("Size"),
            tab("Export"),
            tab("Scatter"),
        ),
    ),
    Place(
        "Correlations",
        "correlations",
        "Explore",
        (
            tab("Scatter"),
            tab("Rank against rank"),
            more("Size"),
            tab("What they share"),
            tab("Cost"),
            tab("Ensemble"),
            tab("Export"),
            tab("Table"),
        ),
    ),
    Place(
        "Learned ranking",
        "learned_ranking",
        "Search",
        (tab("Table"), more("Size"), tab("Measure next"), tab("Ranking")),
    ),
    Place(
        "Proxy search",
        "proxy_search",
        "Search",
        (
            tab("Found proxy"),
            tab("Judgement"),
            more("Size"),
            tab("Components"),
            tab("Lineage"),
            tab("Transfer"),
            tab("Export"),
            tab("History"),
        ),
    ),
    Place(
        "Architecture search",
        "architecture_search",
        "Search",
        (
            tab("Found"),
            tab("Map"),
            more("Queries"),
            tab("Score and FLOPs"),
            tab("Comparison"),
            tab("Export"),
            tab("Best so far"),
        ),
    ),
    Place(
        "Loss landscape",
        "landscape",
        "Learn",
        (
            tab("Contours"),
            tab("Slices"),
            more("Grid size"),
            tab("Measures"),
            tab("Film"),
            tab("Export"),
            tab("Surfaces"),
        ),
    ),
    Place("Why a barrier?", "why_a_barrier", "Learn", (*(button("Next"),) * 7, *(button("Back"),) * 7)),
    Place(
        "Scoreboard",
        "scoreboard",
        "Records",
        (table_numbered(2), table_numbered(3), table_numbered(4), table_numbered(5), table_numbered(1)),
    ),
    Place("Runs", "runs", "Records", (row(1), row(2), row(3), row(4), row(5))),
)
