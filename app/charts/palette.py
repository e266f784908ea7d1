"""Colours of every chart: Okabe and Ito's for categories, cividis for values.

Each has to stand out on white and on near-black, because one colour serves both themes.
"""

from __future__ import annotations

BLACK = "#000000"
ORANGE = "#E69F00"
SKY_BLUE = "#56B4E9"
GREEN = "#009E73"
YELLOW = "#F0E442"
BLUE = "#0072B2"
VERMILLION = "#D55E00"
PURPLE = "#CC79A7"
BLUE_ON_DARK = "#2A8ACB"
"""Shown in place of :data:`BLUE` on a dark page, where that is at 3.4 : 1 (``app/views/style.py``)."""

BARRIER = BLUE
NO_BARRIER = VERMILLION
OTHER_PROXY = GREEN
SELECTED = PURPLE
MUTED = "#8C8C8C"
TOOL = "#76808A"
"""Signs that are no data: contrast of 4 on white and on near-black."""

ROWS = (SKY_BLUE, GREEN, YELLOW, ORANGE)
"""Colours of a network's parallel branches, from the finest grid."""

SCALE = "cividis"
LINE_SPAN = (0.2, 0.8)
"""Part of :data:`SCALE` for thin lines; its ends vanish on near-black and on white (contrast below 2)."""


def text_on(fill: str) -> str:
    """Return black or white, whichever is easier to read on ``fill`` (``#RRGGBB``).

    >>> text_on("#0072B2"), text_on("#56B4E9")
    ('#FFFFFF', '#000000')
    """
    shares = [int(fill[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    black_contrast, white_contrast = (luminance + 0.05) / 0.05, 1.05 / (luminance + 0.05)
    return BLACK if black_contrast >= white_contrast else "#FFFFFF"
