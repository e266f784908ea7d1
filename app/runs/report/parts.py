"""Figures and tables as HTML."""

from __future__ import annotations

import math
import re
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from app.charts.layout import plain_title

HEIGHT = 440
NUMBER = re.compile(r"–|−?[\d,]+(\.\d+)?%?")
DIGITS = 4
"""Significant digits of numbers in tables."""


def figure_html(figure: go.Figure) -> str:
    """Return an interactive figure on white; its texts are data of the script, in which no markup can end it."""
    shown = go.Figure(figure)
    shown.update_layout(
        template="plotly_white",
        paper_bgcolor="#fff",
        plot_bgcolor="#fff",
        font={"color": "#1c1c1c"},
        autosize=True,
        width=None,
        height=shown.layout.height or HEIGHT,
    )
    title = escape(plain_title(figure), quote=True)
    drawn = shown.to_html(full_html=False, include_plotlyjs=False, config={"displaylogo": False, "responsive": True})
    return f'<div class="figure" role="img" aria-label="{title}">{drawn}</div>'


def table_html(table: pd.DataFrame) -> str:
    """Return a table; every cell is escaped, numbers are aligned to the right."""
    kinds = [' class="number"' if _is_numeric(table.iloc[:, place]) else "" for place in range(table.shape[1])]
    head = "".join(f"<th{kind}>{escape(str(name))}</th>" for name, kind in zip(table, kinds, strict=True))
    rows = "".join(_row_html(row, kinds) for row in table.itertuples(index=False, name=None))
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _is_numeric(column: pd.Series) -> bool:
    """Return whether a column has numbers, or texts of numbers, which a report has rounded already."""
    if pd.api.types.is_numeric_dtype(column):
        return True
    return all(isinstance(value, str) and NUMBER.fullmatch(value) for value in column)


def _row_html(row: tuple[Any, ...], kinds: list[str]) -> str:
    cells = (f"<td{kind}>{escape(cell_text(value))}</td>" for value, kind in zip(row, kinds, strict=True))
    return f"<tr>{''.join(cells)}</tr>"


def cell_text(value: Any) -> str:
    """Return what a cell says.

    >>> cell_text(0.123456), cell_text(12345678.0), cell_text(-0.5), cell_text(None), cell_text(1200)
    ('0.1235', '12345678', '−0.5', '–', '1,200')
    """
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if isinstance(value, int):
        return f"{value:,}".replace("-", "−")
    text = f"{value:.0f}" if abs(value) >= 10**DIGITS else f"{value:.{DIGITS}g}"
    return text.replace("-", "−")
