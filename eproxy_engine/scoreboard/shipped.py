"""Measured results that ship with the product, for cells that no run of this installation has measured.

``python -m docs.results`` of the project writes ``shipped.json`` from the studies of docs/results.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from eproxy_engine.scoreboard.published import Cell

SHIPPED = Path(__file__).with_name("shipped.json")
Place = tuple[int, str, str, str]
"""Table, part, row and column."""


@dataclass(frozen=True)
class Study:
    """What figures were measured together, and how."""

    title: str
    commit: str
    machine: str
    date: str
    about: str
    """What was done, in Markdown; may be empty."""


@dataclass(frozen=True)
class Figure:
    """One measured result of a cell."""

    estimates: Mapping[str, float]
    """Some of the ``ESTIMATES`` of :mod:`eproxy_engine.scoreboard.measured`; shares for the retrieval."""
    n: int
    width: int
    """Stem channels of the networks."""
    seed: int | None
    command: str
    found_on: str
    """Where the proxy was found, if on another space."""
    study: Study


def figures(cell: Cell) -> tuple[Figure, ...]:
    """Return what ships for a cell, the widest networks first."""
    return _all().get((cell.table, cell.part, cell.row, cell.column), ())


def left_out(cell: Cell) -> str:
    """Return what is told of why a cell that could be measured is not, in Markdown; empty if nothing is."""
    return _left_out().get((cell.table, cell.part, cell.row, cell.column), "")


@lru_cache(maxsize=1)
def _left_out() -> dict[Place, str]:
    return {_place(row): row["why"] for row in _read()["left_out"]}


@lru_cache(maxsize=1)
def _all() -> dict[Place, tuple[Figure, ...]]:
    given = _read()
    studies = {name: Study(**told) for name, told in given["studies"].items()}
    found: dict[Place, tuple[Figure, ...]] = {}
    for row in given["figures"]:
        figure = Figure(
            {name: value for name, value in row.items() if name.startswith(("rho", "top10"))},
            row["n"],
            row["width"],
            row.get("seed"),
            row["command"],
            row.get("found_on", ""),
            studies[row["study"]],
        )
        found[_place(row)] = (*found.get(_place(row), ()), figure)
    return found


def _read() -> dict[str, Any]:
    given: dict[str, Any] = json.loads(SHIPPED.read_text("utf-8"))
    return given


def _place(row: Mapping[str, Any]) -> Place:
    return row["table"], row["part"], row["row"], row["column"]
