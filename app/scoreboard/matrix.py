"""One table of the scoreboard as a matrix of selectable cells: for each row of the paper's, one line of ours."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app.charts.layout import rounded
from app.scoreboard.judging import TINTS, judged
from eproxy_engine.scoreboard import Entry, Part

FIGURES = {"rho": "Spearman ρ", "top10": "Top-10% retrieval"}
PAPER, HERE = "paper", "here"
NOT_YET, UNDER_WAY, NOT_POSSIBLE = "not yet", "under way", "not possible"
UNKNOWN = "illegible"
"""A published figure of which our copy of the paper has lost digits."""
PAGE_WIDTH, INDEX_WIDTH, SIDE_WIDTH = 1118, 132, 58
"""Pixels of a matrix on a screen of 1280, of its row names, and of whose line it is."""
SPACE = "\N{FIGURE SPACE}"
"""Space as wide as a digit, so that numbers align."""


def matrix_panel(part: Part, entries: Sequence[Entry], figure: str, key: str) -> Entry | None:
    """Draw the ``entries`` of ``part`` row by row and return the chosen one.

    ``figure``: a key of :data:`FIGURES`.
    """
    by_place = {(entry.cell.row, entry.cell.column): entry for entry in entries}
    lines = [
        (row, side)
        for row in part.rows
        for side in (PAPER, HERE)
        if side == HERE or not by_place[row, part.columns[0]].cell.ours
    ]
    index = pd.MultiIndex.from_tuples(lines, names=["row", "side"])
    texts, colours = (
        pd.DataFrame(
            [[content(by_place[row, column], side, figure) for column in part.columns] for row, side in lines],
            index=index,
            columns=list(part.columns),
        )
        for content in (cell_text, _colour)
    )
    width = min(120, (PAGE_WIDTH - INDEX_WIDTH - SIDE_WIDTH) // len(part.columns))
    event = st.dataframe(
        texts.style.apply(lambda _: colours, axis=None),
        on_select="rerun",
        selection_mode="single-cell",
        key=key,
        width="content" if len(part.columns) < 6 else "stretch",
        height="content",
        column_config={
            "row": st.column_config.TextColumn("", width=INDEX_WIDTH, pinned=True),
            "side": st.column_config.TextColumn("", width=SIDE_WIDTH, pinned=True),
            **{column: st.column_config.TextColumn(column, width=width) for column in part.columns},
        },
        alt=f"{FIGURES[figure]} as published and as measured here, {part.name}",
    )
    chosen = event["selection"]["cells"]
    return by_place.get((lines[chosen[0][0]][0], chosen[0][1])) if chosen and chosen[0][0] < len(lines) else None


def cell_text(entry: Entry, side: str, figure: str) -> str:
    """Return what the paper's or our line says of a cell: a number, or why there is none."""
    cell, measured = entry.cell, entry.measured
    if side == PAPER:
        return _number(getattr(cell, figure), figure, UNKNOWN if "copy of the paper" in cell.note else "–")
    if measured is not None:
        return _number(measured.estimates[figure], figure, "–")
    if entry.coming:
        return UNDER_WAY
    return NOT_YET if entry.missing or entry.averaged else NOT_POSSIBLE


def _number(value: float | None, figure: str, unknown: str) -> str:
    if value is None:
        return unknown
    return f"{rounded(value):{SPACE}>5}" if figure == "rho" else f"{value:{SPACE}>4.0%}"


def _colour(entry: Entry, side: str, figure: str) -> str:
    found = judged(entry, figure) if side == HERE else None
    return f"background-color: {TINTS[found]}" if found else ""
