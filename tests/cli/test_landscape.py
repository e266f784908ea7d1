"""``landscape`` as scripts use it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eproxy_engine.runs import LandscapeSpecification, Store
from tests.cli.test_cli import Call, call, store

__all__ = ["call", "store"]

CELL = "|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|"
SMALL = "--set iterations=2 --set batch=2 --set branches.0.c_mid=16 --set branches.0.c_out=16 --width 4 --images noise"
COMMON = ("landscape", "--space", "nasbench201", *SMALL.split(), "--workers", "1")


def test_it_answers_with_the_surface_and_writes_it(call: Call, store: Store, tmp_path: Path) -> None:
    out = tmp_path / "surface.npz"
    line = ("--arch", CELL, "--barrier", "on", "--steps", "3", "--radius", "0.5", "--seed", "4")
    found = call(*COMMON, *line, "--out", str(out), "--json").json
    assert found["x"] == found["y"] == [-0.5, 0.0, 0.5]
    assert np.shape(found["loss"]) == (3, 3)
    assert found["measures"].items() <= found["surfaces"][0].items()
    with np.load(out, allow_pickle=False) as file:
        np.testing.assert_array_equal(file["loss"], found["loss"])
    given = store.run(found["run"]).specification
    assert isinstance(given, LandscapeSpecification)
    assert (given.barriers, given.view.centre, given.seeds) == ((True,), 2, (4,))
    assert call("runs", "show", found["run"], "--json").json == found


def test_without_json_it_prints_a_table(call: Call) -> None:
    a_cell_without_convolutions = ("--sample", "1", "--draw", "45")
    answer = call(*COMMON, *a_cell_without_convolutions, "--steps", "3")
    assert answer.code == 0
    assert "with and without barrier" in answer.out
    assert answer.out.count("│ on ") == answer.out.count("│ off ") == 1


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (("--arch", "nonsense"), "nonsense"),
        (("--arch", CELL, "--steps", "2"), "steps is 2; accepted: a whole number from 3 to 201"),
        (("--arch", CELL, "--radius", "0"), "radius is 0.0; accepted: a number from 1e-06 to 100"),
        (("--arch", CELL, "--centre", "3"), "centre is 3; accepted: 0 to 2"),
        (("--arch", CELL, "--archs", "file.txt"), "accepted: one of them"),
        (("--sample", "4", "--extremes", "3"), "the 3 best and worst of 4; accepted: 1 to 2"),
        (("--arch", CELL, "--barrier", "half"), "half"),
    ],
)
def test_a_mistake_is_told_in_one_line(call: Call, line: tuple[str, ...], message: str) -> None:
    answer = call(*COMMON, *line)
    assert (answer.code, answer.out) == (2, "")
    assert message in answer.errors
