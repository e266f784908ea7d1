"""Titles and icons of the kinds of runs."""

from __future__ import annotations

import base64

from app.charts import palette
from eproxy_engine.runs import (
    ArchitectureSearchSpecification,
    ComparisonSpecification,
    EvaluationSpecification,
    LandscapeSpecification,
    ProxySearchSpecification,
    RankingSpecification,
)

TITLES = {
    EvaluationSpecification.kind: "Evaluation",
    ComparisonSpecification.kind: "Comparison",
    RankingSpecification.kind: "Learned ranking",
    ProxySearchSpecification.kind: "Proxy search",
    ArchitectureSearchSpecification.kind: "Architecture search",
    LandscapeSpecification.kind: "Loss landscape",
}
_DRAWN = {
    EvaluationSpecification.kind: (
        palette.BLUE,
        '<path d="M3 3v18h18"/><circle cx="8" cy="16" r="1.5"/><circle cx="12" cy="11" r="1.5"/>'
        '<circle cx="17" cy="13" r="1.5"/><circle cx="19" cy="6" r="1.5"/>',
    ),
    ComparisonSpecification.kind: (palette.GREEN, '<path d="M4 6h16M4 12h10M4 18h13"/>'),
    RankingSpecification.kind: (palette.ORANGE, '<path d="M3 21v-6h6v-6h6V3h6"/>'),
    ProxySearchSpecification.kind: (palette.VERMILLION, '<circle cx="10" cy="10" r="6"/><path d="M15 15l6 6"/>'),
    ArchitectureSearchSpecification.kind: (
        palette.PURPLE,
        '<circle cx="12" cy="4" r="2"/><circle cx="5" cy="19" r="2"/><circle cx="19" cy="19" r="2"/>'
        '<path d="M11 6L6 17M13 6l5 11M7 19h10"/>',
    ),
    LandscapeSpecification.kind: (palette.SKY_BLUE, '<path d="M2 19l6-11 4 6 3-4 7 9z"/>'),
}
"""Colour, and strokes on a square of 24."""


def icon(kind: str) -> str:
    """Return the icon of a kind as the address of a picture, for a table."""
    colour, strokes = _DRAWN[kind]
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="48" height="66" viewBox="-13 -21 50 66" fill="none" '
        f'stroke="{colour}" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round">{strokes}</svg>'
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.encode()).decode()}"
