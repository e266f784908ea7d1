"""The Start page as a script: the switch moves the networks of the lesson's two runs, and says what that means."""

from __future__ import annotations

import base64
import json
import subprocess
import sys

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.start.barrier_switch import meaning
from app.views.shipped_runs import LESSON
from tests.app.driving import ENTRY, control, opened


def dots(app: AppTest) -> list[tuple[list[float], list[float]]]:
    """Of the picture as it is drawn first, and of what its two buttons move it to."""
    (chart,) = app.get("plotly_chart")
    figure = json.loads(chart.proto.spec)
    traces = [figure["data"][0], *(frame["data"][0] for frame in figure["frames"])]
    return [(plain(trace["x"]), plain(trace["y"])) for trace in traces]


def plain(values: object) -> list[float]:
    """Numbers as they are, or as Plotly packs them."""
    if isinstance(values, dict):
        return np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"]).tolist()
    return list(values)  # type: ignore[call-overload]


def test_the_barrier_sorts_the_networks_and_without_it_they_move(app: AppTest) -> None:
    opened(app, "start")
    (first, height), (with_it, _), (without, same_height) = dots(app)
    assert len(first) == 200
    assert first == with_it != without
    assert height == same_height  # the order by accuracy stays
    said = " ".join(each.value for each in app.markdown)
    assert "With the barrier: ρ = 0.59 [0.4" in said
    assert meaning(0.58) in said
    assert "The barrier is ahead by 0.93 [0." in said
    assert "barrier layer" in app.get("graphviz_chart")[0].proto.spec
    drawn = app.get("plotly_chart")[0].proto.id
    control(app, "toggle", "**Barrier**: switch it, and watch the dots").set_value(False).run()
    said = " ".join(each.value for each in app.markdown)
    assert "Without the barrier: ρ = −0.35 [" in said
    assert meaning(-0.35) in said
    assert app.get("plotly_chart")[0].proto.id == drawn  # else it would be drawn anew, and nothing would move
    assert "barrier layer" not in app.get("graphviz_chart")[0].proto.spec


def test_without_the_lesson_s_files_the_doors_are_there_still(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = LESSON / "nowhere.json.gz"
    monkeypatch.setattr("app.start.barrier_switch.FILES", {True: gone, False: gone})
    app.run()
    assert not app.exception
    assert "nowhere" in app.error[0].value
    assert {"why_a_barrier", "proxy", "proxy_search"} <= {link.proto.page for link in app.get("page_link")}


FIRST_DOOR = """
import os, sys
import streamlit as st
from streamlit.testing.v1 import AppTest

def opened(*_, **__):
    print([name for name in ("eproxy_engine.runs", "pandas", "networkx", "scipy") if name in sys.modules], flush=True)
    os._exit(0)

st.page_link = opened
AppTest.from_file(sys.argv[1], default_timeout=600).run()
"""
"""Prints what is imported when the first door is drawn."""


@pytest.mark.processes
def test_the_page_can_be_read_before_the_engine_is_imported() -> None:
    """The import takes longer than all else on the way to the first page."""
    command = [sys.executable, "-c", FIRST_DOOR, ENTRY]
    assert subprocess.run(command, capture_output=True, text=True, timeout=600, check=True).stdout == "[]\n"


def test_what_is_said_of_an_order() -> None:
    assert "accurate ones" in meaning(0.58)
    assert "inaccurate ones" in meaning(-0.35)
    assert "random choice" in meaning(0.1)
    assert "random choice" in meaning(-0.1)
