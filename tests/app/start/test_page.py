"""The Start page as a script: the switch moves the networks of the lesson's two runs, and says what that means."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.start.barrier_switch import meaning
from app.views.shipped_runs import LESSON
from tests.app.driving import control, opened


def picture(app: AppTest) -> tuple[str, list[float], list[float]]:
    """Title and dots."""
    (chart,) = app.get("plotly_chart")
    figure = json.loads(chart.proto.spec)
    dots = figure["data"][0]
    return figure["layout"]["title"]["text"], plain(dots["x"]), plain(dots["y"])


def plain(values: object) -> list[float]:
    """Numbers as they are, or as Plotly packs them."""
    if isinstance(values, dict):
        return np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"]).tolist()
    return list(values)  # type: ignore[call-overload]


def test_the_barrier_sorts_the_networks_and_without_it_they_move(app: AppTest) -> None:
    opened(app, "start")
    with_title, with_x, with_y = picture(app)
    assert with_title.startswith("With the barrier: ρ = 0.58 [0.4")
    assert len(with_x) == 200
    said = " ".join(each.value for each in app.markdown)
    assert meaning(0.58) in said
    assert "The barrier is ahead by 0.94 [0." in said
    assert "barrier layer" in app.get("graphviz_chart")[0].proto.spec
    control(app, "toggle", "**Barrier**: switch it, and watch the dots").set_value(False).run()
    title, x, y = picture(app)
    assert title.startswith("Without the barrier: ρ = −0.35 [")
    assert y == with_y  # the order by accuracy stays
    assert x != with_x
    assert meaning(-0.35) in " ".join(each.value for each in app.markdown)
    assert "barrier layer" not in app.get("graphviz_chart")[0].proto.spec


def test_without_the_lesson_s_files_the_doors_are_there_still(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = LESSON / "nowhere.json.gz"
    monkeypatch.setattr("app.start.barrier_switch.FILES", {True: gone, False: gone})
    app.run()
    assert not app.exception
    assert "nowhere" in app.error[0].value
    assert {"why_a_barrier", "proxy", "proxy_search"} <= {link.proto.page for link in app.get("page_link")}


def test_what_is_said_of_an_order() -> None:
    assert "accurate ones" in meaning(0.58)
    assert "inaccurate ones" in meaning(-0.35)
    assert "random choice" in meaning(0.1)
    assert "random choice" in meaning(-0.1)
