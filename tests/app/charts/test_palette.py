"""Every colour of data can be told from white and from near-black; text on fills is readable."""

import re

import pytest
from plotly.colors import sample_colorscale

from app.charts import operations, palette

DARK = "#0E1117"


def luminance(colour: str) -> float:
    shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colour", [palette.BARRIER, palette.NO_BARRIER, palette.SELECTED, palette.MUTED])
def test_categories_stand_out_on_both_themes(colour: str) -> None:
    assert contrast(colour, "#FFFFFF") >= 3
    assert contrast(colour, DARK) >= 3


def test_lines_stand_out_on_both_themes() -> None:
    for rgb in sample_colorscale(palette.SCALE, list(palette.LINE_SPAN)):
        colour = "#" + "".join(f"{int(part):02X}" for part in re.findall(r"\d+", rgb))
        assert min(contrast(colour, "#FFFFFF"), contrast(colour, DARK)) >= 1.9


@pytest.mark.parametrize("fill", sorted({fill for _, fill in operations.COLOURS}))
def test_text_on_operations_is_readable(fill: str) -> None:
    assert contrast(palette.text_on(fill), fill) >= 4.5
