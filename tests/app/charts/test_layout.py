"""What all charts share: titles that fit, the tool bar, and small empty charts."""

import plotly.graph_objects as go
import pytest

from app.charts.layout import EMPTY_HEIGHT, broken, empty, styled
from app.charts.surface_titles import with_remarks

LONG = "With the barrier the surface is 2.1 times smoother for best (91.4) and 8.2 times rougher for worst (9.7)"


@pytest.mark.parametrize(
    "title", ["ρ = 0.63 [0.55, 0.70], n = 200", "x" * 64, "one line<br>and a second that is" + " long" * 20]
)
def test_titles_that_fit_or_have_lines_of_their_own_stay(title: str) -> None:
    assert broken(title) == title


def test_a_long_title_breaks_into_lines_that_fit_half_a_screen_and_gets_their_room() -> None:
    lines = broken(LONG).split("<br>")
    assert len(lines) == 2
    assert max(map(len, lines)) <= 64
    assert " ".join(lines) == LONG
    short, long = (styled(go.Figure(), title).layout for title in ("short", LONG))
    assert long.margin.t == short.margin.t + 21
    assert long.title.pad.t > short.title.pad.t, "Plotly sets the first of several lines half a line higher"
    assert broken("Highest of 23: AZ-NAS, ρ = 0.91 [0.88, 0.93], n = 200, at 182 ms per architecture") == (
        "Highest of 23: AZ-NAS, ρ = 0.91 [0.88, 0.93],<br>n = 200, at 182 ms per architecture"
    )
    assert broken(with_remarks(LONG, ["1 hole"])).endswith("<br><span style='font-size:13px'>1 hole</span>")


def test_the_tool_bar_is_no_box() -> None:
    layout = styled(go.Figure(), "title").layout
    assert layout.modebar.bgcolor == "rgba(0,0,0,0)"
    assert layout.modebar.color


def test_a_chart_that_says_why_it_is_empty_is_small() -> None:
    assert empty("title", "importance needs 20 trials").layout.height == EMPTY_HEIGHT < 200
