"""One table of the scoreboard as a matrix of selectable cells."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app.charts import palette
from app.charts.layout import rounded
from eproxy_engine.scoreboard import Entry, Part

FIGURES = {"rho": "Spearman ρ", "top10": "Top-10% retrieval"}
NOT_YET, UNDER_WAY, UNKNOWN, OURS, TRANSFERRED = "·", "…", "?", "–", "T"
LEGEND = (
    f"**published → measured here** · `{NOT_YET}` not measured yet · `{UNDER_WAY}` under way · no arrow: cannot be "
    f"measured here · `{UNKNOWN}` not legible in our copy of the paper · `{OURS}` not in the paper · `{TRANSFERRED}` "
    "found on another task and transferred"
)
PAGE_WIDTH, INDEX_WIDTH = 1236, 132
"""Pixels of a matrix on a wide screen, and of its row names."""
SPACE = "\N{FIGURE SPACE}"
"""Space as wide as a digit, so that numbers align."""


def matrix_panel(part: Part, entries: Sequence[Entry], figure: str, key: str) -> Entry | None:
    """Draw the ``entries`` of ``part`` row by row and return the chosen one.

    ``figure``: a key of :data:`FIGURES`.
    """
    by_place = {(entry.cell.row, entry.cell.column): entry for entry in entries}
    texts = pd.DataFrame(
        [[cell_text(by_place[row, column], figure) for column in part.columns] for row in part.rows],
        index=pd.Index(part.rows, name=""),
        columns=list(part.columns),
    )
    colours = pd.DataFrame(
        [[_colour(by_place[row, column]) for column in part.columns] for row in part.rows],
        index=texts.index,
        columns=texts.columns,
    )
    width = min(120, (PAGE_WIDTH - INDEX_WIDTH) // len(part.columns))
    event = st.dataframe(
        texts.style.apply(lambda _: colours, axis=None),
        on_select="rerun",
        selection_mode="single-cell",
        key=key,
        width="content" if len(part.columns) < 6 else "stretch",
        height="content",
        column_config={
            "_index": st.column_config.TextColumn("", width=INDEX_WIDTH, pinned=True),
            **{column: st.column_config.TextColumn(column, width=width) for column in part.columns},
        },
        alt=f"{FIGURES[figure]} as published and as measured here, {part.name}",
    )
    chosen = event["selection"]["cells"]
    return by_place.get((part.rows[chosen[0][0]], chosen[0][1])) if chosen and chosen[0][0] < len(part.rows) else None


def cell_text(entry: Entry, figure: str) -> str:
    """Format a cell as ``0.65 → 0.60``; :data:`LEGEND` explains it."""
    cell, measured = entry.cell, entry.measured
    published = _number(getattr(cell, figure), figure, OURS if cell.ours else UNKNOWN)
    published += TRANSFERRED if cell.transferred else ""
    if measured is not None:
        here = _number(measured.estimates[figure], figure) + (TRANSFERRED if measured.found_on else "")
    elif entry.coming:
        here = UNDER_WAY
    elif entry.missing or entry.averaged:
        here = NOT_YET
    else:
        return published
    return f"{published} → {here}"


def _number(value: float | None, figure: str, unknown: str = UNKNOWN) -> str:
    if value is None:
        return f"{unknown:{SPACE}>5}" if figure == "rho" else f"{unknown:{SPACE}>4}"
    return f"{rounded(value):{SPACE}>5}" if figure == "rho" else f"{value:{SPACE}>4.0%}"


def _colour(entry: Entry) -> str:
    return "" if entry.measured is not None else f"color: {palette.MUTED}"
