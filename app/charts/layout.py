"""Common parts of all charts: margins, title, tool bar, buttons, empty chart, numbers and long texts."""

from __future__ import annotations

import re
import textwrap
from functools import lru_cache
from html import escape
from typing import Any

import plotly.graph_objects as go

from app.charts import palette
from app.charts.tool_bar import TOOL_BAR

BUTTON: dict[str, Any] = {
    "bgcolor": "#E8EDF1",  # light in both themes, as Plotly lights a button up that the pointer is over
    "bordercolor": palette.MUTED,
    "font": {"color": "#1C2730", "size": 12},
}
"""Look of a button in a figure."""
EMPTY_HEIGHT = 170
"""Pixels of a chart that only says why it is empty."""
_WIDEST_TITLE = 64  # characters in bold that half a screen holds
_NO_BREAK = "\u00a0"
_TITLE_LINE = 21  # pixels
_LINE = 48  # characters; a NAS-Bench-201 architecture takes three lines of a hover box


def laid_out(figure: go.Figure, **parts: Any) -> go.Figure:
    """Replace these parts of the figure's layout.

    ``update_layout`` would merge them with the existing parts, which takes ten times as long.
    """
    for name, part in parts.items():
        figure.layout[name] = part
    return figure


def styled(figure: go.Figure, title: str) -> go.Figure:
    """Set title and margins; the theme of the page sets background and font."""
    text = broken(title)
    lines = 1 + text.count("<br>")
    laid_out(
        figure,
        title={
            "text": text,
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": 8 if lines == 1 else 20},  # Plotly sets several lines by half a line higher
        },
        margin={"l": 8, "r": 8, "t": 60 + _TITLE_LINE * (lines - 1), "b": 8},
        modebar=TOOL_BAR,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1, "yanchor": "bottom", "itemsizing": "constant"},
    )
    figure.update_xaxes(automargin=True, zeroline=False)
    figure.update_yaxes(automargin=True, zeroline=False)
    return figure


@lru_cache(200)
def broken(title: str) -> str:
    """Break a title of one line that is too long for half a screen into lines of about equal length.

    Small remarks that follow it stay as they are.

    >>> broken("With the barrier the surface is 2.1 times smoother for best (91.4) and rougher for worst")
    'With the barrier the surface is 2.1 times<br>smoother for best (91.4) and rougher for worst'
    """
    finding, mark, remarks = title.partition("<br><span")
    if len(finding) <= _WIDEST_TITLE or "<" in finding:
        return title
    # An interval and an equation stay on one line.
    finding = re.sub(r"\[[^]]*\]| [=≤] \S", lambda found: found[0].replace(" ", _NO_BREAK), finding)
    narrowest = len(finding) // -(-len(finding) // _WIDEST_TITLE)
    widths = range(narrowest, _WIDEST_TITLE + 1)
    wraps = [textwrap.wrap(finding, width, break_on_hyphens=False) for width in widths]
    lines = min(wraps, key=lambda lines: (len(lines), max(map(len, lines))))
    broken_up = "<br>".join(lines)
    return broken_up.replace(_NO_BREAK, " ") + mark + remarks


def empty(title: str, message: str) -> go.Figure:
    """Return a chart without axes and with a message that says why it is empty."""
    figure = styled(go.Figure(), title)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    figure.layout.height = EMPTY_HEIGHT
    figure.add_annotation(text=message, x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False, font_size=16)
    return figure


def plain_title(figure: go.Figure) -> str:
    """Return the title without markup, for screen readers.

    >>> plain_title(go.Figure(layout_title_text="ρ = 1<br><span>of 3</span>"))
    'ρ = 1 of 3'
    """
    return " ".join(re.sub("<[^>]*>", " ", figure.layout.title.text or "").split())


def rounded(value: float, digits: int = 2) -> str:
    """Format a number with a true minus sign and never a negative zero.

    >>> rounded(-0.618), rounded(-0.001)
    ('−0.62', '0.00')
    """
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def wrapped(architecture: str) -> str:
    """Format an architecture for a hover box: escaped, with ``<br>`` after a comma, colon or plus sign.

    >>> wrapped("101001:conv3x3,maxpool3x3")
    '101001:conv3x3,maxpool3x3'
    """
    lines = [""]
    for piece in re.findall(r"[^,:+]*[,:+]|[^,:+]+", architecture):
        if lines[-1] and len(lines[-1]) + len(piece) > _LINE:
            lines.append("")
        lines[-1] += piece
    return "<br>".join(escape(line, quote=False) for line in lines)
