"""Which two of up to four surfaces stand side by side."""

from app.charts.shown import Shown
from app.landscape.side_by_side import pairs_of
from app.views.surfaces import Looked
from eproxy_engine.landscape import View
from eproxy_engine.runs.kinds.landscape.specification import Surface
from tests.app.landscape.charts.made_landscapes import made


def looked(*sides: tuple[str, bool]) -> Looked:
    surfaces = [Surface(architecture, barrier, 1, View()) for architecture, barrier in sides]
    shown = [Shown(f"{name} (90.0), {'with' if on else 'without'} barrier", on, made(steps=3)) for name, on in sides]
    return Looked(surfaces, shown)


def test_an_architecture_without_and_with_the_barrier_comes_first() -> None:
    four = looked(("good", True), ("good", False), ("bad", True), ("bad", False))
    assert pairs_of(four) == {
        "good (90.0)": [1, 0],
        "bad (90.0)": [3, 2],
        "both without": [1, 3],
        "both with": [0, 2],
        "all four": [0, 1, 2, 3],
    }


def test_two_need_no_choice() -> None:
    assert pairs_of(looked(("good", True), ("bad", True))) == {}
