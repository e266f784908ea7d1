"""What the pages say of the barrier is what was measured: its numbers stand in the data of the results."""

from __future__ import annotations

from pathlib import Path

from app.shell.text import text

RESULTS = Path(__file__).parents[2] / "docs" / "results"
PAGES = ("table-1", "table-1", "table-1-iterations", "table-1", "table-1")
"""Where each row of the story is measured, in its order."""


def test_every_row_is_in_the_results() -> None:
    rows = [line.strip("|").split("|") for line in text("views", "barrier").splitlines() if line.startswith("| **")]
    assert len(rows) == len(PAGES)
    for (what, on, off, _), page in zip(rows, PAGES, strict=True):
        measured = (RESULTS / f"{page}.md").read_text("utf-8")
        for value in (on.strip(), off.strip()):
            assert f"| {value} [" in measured, f"{what}: {value} is not on {page}"
