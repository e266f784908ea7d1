"""Sentences about surfaces whose roughness and depth are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.charts.shown import Shown
from app.charts.surface_finding import finding
from tests.app.landscape.charts.made_landscapes import made


def shown(barrier: bool, high: float, name: str = "good (93.0)", middle: float = 1.0) -> Shown:
    """A flat floor of loss 1 with one ridge of loss ``high``."""
    ridge = made(lambda x, y: np.where(np.abs(y + 0 * x) < 0.1, high, 1.0), steps=3)
    side = "with barrier" if barrier else "without barrier"
    return Shown(f"{name}, {side}", barrier, replace(ridge, centre_loss=middle))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            [shown(False, 10.0), shown(True, 100.0)],
            "With the barrier the surface is 2.0 times rougher than without,<br>"
            "and highest over lowest loss is 100 instead of 10",
        ),
        ([shown(True, 10.0), shown(False, 10.0)], "With the barrier the surface is as rough as without,<br>"),
        (
            [shown(True, 10.0, middle=1.0), shown(True, 100.0, "bad (84.0)", middle=1.25)],
            "With the barrier, good (93.0) ends 25% lower than bad (84.0),<br>on 2.0 times smoother ground",
        ),
        (
            [shown(False, 10.0), shown(False, 10.0, "bad (84.0)")],
            "Without the barrier, good (93.0) ends as low as bad (84.0),<br>on equally rough ground",
        ),
        (
            [shown(True, 10.0), shown(False, 10.0), shown(True, 1000.0, "bad"), shown(False, 100.0, "bad")],
            "The two networks differ more with the barrier than without:<br>"
            "in roughness by a factor of 3.0 against 2.0",
        ),
        ([], "Loss surfaces"),
    ],
)
def test_how_surfaces_differ(given: list[Shown], said: str) -> None:
    assert finding(given).startswith(said)
