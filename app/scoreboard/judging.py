"""Whether what was measured here is higher or lower than what the paper says, and how that is coloured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from app.charts import palette
from eproxy_engine.scoreboard import Entry

HIGHER, ALIKE, LOWER = "higher than in the paper", "about as in the paper", "lower than in the paper"
CLOSE = 0.1
"""Difference that is none, where a result has no interval: about half of one at n = 200."""


EXPLAINED = (
    f"“{ALIKE[0].upper()}{ALIKE[1:]}”: the 95% interval contains the published value; without an interval, they differ "
    f"by at most {CLOSE:g}. “Illegible”: our copy of the paper has lost a digit."
)


def _tint(colour: str, share: float) -> str:
    """Return a colour through which the background shows, so that text stays readable in both themes."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {share})"


TINTS = {HIGHER: _tint(palette.BLUE, 0.3), ALIKE: _tint(palette.MUTED, 0.18), LOWER: _tint(palette.ORANGE, 0.4)}


def judged(entry: Entry, figure: str) -> str | None:
    """Compare a measured result with the published one.

    ``figure``: ``rho`` or ``top10``. None if one of them is not known.
    """
    published, measured = getattr(entry.cell, figure), entry.measured
    if published is None or measured is None or measured.estimates[figure] is None:
        return None
    value, low, high = (measured.estimates[name] for name in (figure, f"{figure}_low", f"{figure}_high"))
    inside = abs(value - published) <= CLOSE if low is None or high is None else low <= published <= high
    return ALIKE if inside else HIGHER if value > published else LOWER


def legend(entries: Sequence[Entry], figure: str) -> None:
    """Say how many cells are measured, and of those how many are higher and lower, in the colours of the cells."""
    counts = Counter(judged(entry, figure) for entry in entries)
    measured = sum(entry.measured is not None for entry in entries)
    parts = [
        f'<span style="background: {tint}; padding: 0.1rem 0.5rem; border-radius: 0.4rem; white-space: nowrap">'
        f"{counts[kind]} {kind}</span>"
        for kind, tint in TINTS.items()
    ]
    st.html(
        '<div style="display: flex; flex-wrap: wrap; gap: 0.4rem 0.8rem; align-items: baseline">'
        f"<span><b>{measured} of {len(entries)}</b> cells are measured here:</span>{''.join(parts)}</div>"
    )
