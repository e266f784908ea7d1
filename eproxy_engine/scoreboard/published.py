"""Tables 1 to 5 of the paper as published, read from ``published.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from eproxy_engine.documents import read_yaml
from eproxy_engine.errors import UserError, one_of

PUBLISHED = Path(__file__).with_name("published.yaml")
AVERAGE = "Avg."
"""Name of the column with the means of the others."""
LEARNED = "Learned ranking, 20"
"""Name of our own row in all tables but the first: what the same twenty accuracies can give."""


@dataclass(frozen=True)
class Cell:
    """One published figure."""

    table: int
    part: str
    row: str
    column: str
    rho: float | None
    """Spearman's ρ; None where the paper gives none or, as the note says, our copy of it is clipped."""
    top10: float | None
    """Top-10% retrieval, a share; None as for ``rho``."""
    transferred: bool = False
    """Whether the proxy was found on a task other than the column's."""
    note: str = ""
    ours: bool = False
    """Whether the paper has no such cell."""

    @property
    def title(self) -> str:
        """Title such as ``Table 3, ImageNet: NASWOT, DARTS``."""
        return f"Table {self.table}, {self.part}: {self.row}, {self.column}"


@dataclass(frozen=True)
class Part:
    """Rows and columns of a table that belong together; Table 3 has two parts, the others one."""

    name: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[Cell, ...]
    """Row by row."""


@dataclass(frozen=True)
class Table:
    """One table of the paper."""

    number: int
    title: str
    about: str
    parts: tuple[Part, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Cells of all parts."""
        return tuple(cell for part in self.parts for cell in part.cells)


@lru_cache(maxsize=1)
def tables() -> tuple[Table, ...]:
    """Return all tables by number."""
    return tuple(
        Table(given["number"], given["title"], given["about"], tuple(_part(given["number"], p) for p in given["parts"]))
        for given in read_yaml(PUBLISHED.read_text("utf-8"))["tables"]
    )


def table(number: int) -> Table:
    """Return the table with this number. Raises UserError."""
    found = {each.number: each for each in tables()}
    if number not in found:
        raise UserError(one_of(str(number), map(str, found), "table"))
    return found[number]


def _part(number: int, given: dict[str, Any]) -> Part:
    columns = tuple(given["columns"])
    transferred, notes = given.get("transferred", []), given.get("notes", [])
    cells = tuple(
        Cell(
            number,
            given["name"],
            row,
            column,
            rho,
            None if percent is None else percent / 100,
            row in transferred,
            " ".join(note["note"] for note in notes if note["row"] == row and note.get("column", column) == column),
        )
        for row, figures in given["rows"].items()
        for column, (rho, percent) in zip(columns, figures, strict=True)
    )
    rows = tuple(given["rows"])
    if number > 1:
        rows += (LEARNED,)
        cells += tuple(Cell(number, given["name"], LEARNED, column, None, None, ours=True) for column in columns)
    return Part(given["name"], rows, columns, cells)
