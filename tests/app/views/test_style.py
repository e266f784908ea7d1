"""What is seen by people who do not see, or not well: text alternatives, and contrast of what the charts add."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from app.charts import palette
from app.charts.correlation_map import SCALE
from app.charts.layout import BUTTON
from app.charts.tool_bar import TOOL_BAR

APP = Path(__file__).parents[3] / "app"
FIGURES = {"plotly_chart", "graphviz_chart", "iframe"}
THEMES = tomllib.loads((APP / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]


def test_every_figure_has_a_text_alternative() -> None:
    found = 0
    for file in (*APP.rglob("*.py"), *(APP.parent / "pages").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in FIGURES:
                found += 1
                assert any(word.arg == "alt" for word in node.keywords), f"{file}:{node.lineno} has no alt"
    assert found > 40


def luminance(colour: str) -> float:
    shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return sum(weight * share for weight, share in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_numbers_on_a_map_of_correlations_can_be_read() -> None:
    assert all(contrast(colour, palette.BLACK) >= 4.5 for _, colour in SCALE)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_signs_reach_three_to_one_and_words_four_and_a_half(theme: str) -> None:
    page = THEMES[theme]["backgroundColor"]
    for sign in (TOOL_BAR["color"], TOOL_BAR["activecolor"], palette.MUTED, palette.BARRIER, palette.NO_BARRIER):
        assert contrast(str(sign), page) >= 3, sign
    blue = palette.BLUE if theme == "light" else palette.BLUE_ON_DARK  # as in app/views/style.py
    assert contrast(blue, page) >= 4.5
    assert contrast(THEMES[theme]["textColor"], page) >= 4.5
    assert contrast(BUTTON["font"]["color"], BUTTON["bgcolor"]) >= 4.5
    on_primary = "#FFFFFF" if theme == "light" else "#0B1218"  # as in app/views/style.py
    assert contrast(on_primary, THEMES[theme]["primaryColor"]) >= 4.5
