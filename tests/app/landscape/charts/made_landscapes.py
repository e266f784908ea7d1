"""Landscapes without training: a function of the plane."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from eproxy_engine.landscape.landscape import Landscape
from eproxy_engine.landscape.measures import measures
from eproxy_engine.landscape.part import LINE_STEPS

Floats = NDArray[np.float64]
Function = Callable[[Floats, Floats], Floats]


def bowl(x: Floats, y: Floats) -> Floats:
    """1 in the middle, 3 and 4 at the ends of the slices on [-1, 1]."""
    return 1 + 2 * x**2 + 3 * y**2


def egg_box(x: Floats, y: Floats) -> Floats:
    """Between 1 and 3, 2 in the middle."""
    return 2 + np.sin(9 * x) * np.cos(9 * y)


def made(
    function: Function = bowl,
    steps: int = 5,
    computed: int | None = None,
    path: tuple[tuple[float, float, float], ...] = ((-1.0, 0.0, 9.0), (-0.5, 0.0, 5.0), (0.0, 0.0, 1.0)),
    every: int = 1,
    explained: float = 0.6,
) -> Landscape:
    """On [-1, 1]²; the rows after ``computed`` are not there yet. The interpolation falls from 9 to 1. ``every``:
    updates from one point of the path to the next."""
    side, line = np.linspace(-1, 1, steps), np.linspace(-1, 1, LINE_STEPS)
    between = np.linspace(-0.25, 1.25, LINE_STEPS)
    loss = np.broadcast_to(function(side[None, :], side[:, None]), (steps, steps)).astype(float)
    rows = steps if computed is None else computed
    loss[rows:] = np.nan
    zeros = np.zeros(LINE_STEPS)
    return Landscape(
        x=side,
        y=side,
        loss=loss,
        computed=rows,
        path=np.array(path, dtype=float).reshape(-1, 3),
        path_iterations=[every * place for place in range(len(path))],
        slice_x=line,
        slices=np.array([function(line, zeros), function(zeros, line)]),
        interpolation_x=between,
        interpolation=9 - 8 * between,
        cosine=0.0,
        explained=explained,
        centre_loss=float(function(np.zeros(1), np.zeros(1))[0]),
        top_eigenvalue=6.0,
        top_error=0.01,
        trace=10.0,
        trace_error=0.1,
        measures=measures(loss if rows == steps else np.full_like(loss, np.nan)),
    )
