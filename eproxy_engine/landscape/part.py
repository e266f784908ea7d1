"""Parts of a loss landscape, each of which is computed, stored and reused as one evaluation."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from eproxy_engine.landscape.view import View
from eproxy_engine.proxy.configuration import Configuration
from eproxy_engine.proxy.evaluation import Values

PIECES = ("frame", "row", "slice", "interpolation", "curvature")
LINE_STEPS = 31
"""Points of a slice and of an interpolation."""
BEYOND = 0.25
"""How far an interpolation extends beyond both ends."""
MOST_PATH_POINTS = 51
FRAME_COLUMNS, CURVATURE_COLUMNS = 3, 4


@dataclass(frozen=True)
class Part:
    """One piece of the landscape of a configuration; a :class:`eproxy_engine.proxy.evaluation.Setting`.

    Values of the pieces, as :mod:`eproxy_engine.landscape.computing` makes them:

    - ``frame``: first ``(cosine of the directions, share of the path's variance within the plane, loss at the
      centre)``, then ``(x, y, loss)`` of each kept point of the optimisation path;
    - ``row``: one tuple, the losses of row ``index`` of the grid;
    - ``slice``: one tuple, the losses along direction ``index`` (0 or 1) through the centre;
    - ``interpolation``: one tuple, the losses along the line from the initial to the last point of the path;
    - ``curvature``: ``((top eigenvalue, its relative error, trace, standard error of the trace),)`` of the Hessian at
      the centre.
    """

    configuration: Configuration
    view: View = field(default_factory=View)
    piece: str = "frame"
    index: int = 0

    @property
    def width(self) -> int | str:
        """See :class:`eproxy_engine.proxy.evaluation.Setting`, also for the other members."""
        return self.configuration.width

    @property
    def batch(self) -> int:
        return self.configuration.batch

    @property
    def compilable(self) -> bool:
        """Kernels compute losses, but no second derivatives."""
        return self.piece != "curvature" and self.configuration.compilable

    @property
    def sees_idle_layers(self) -> bool:
        return False

    def training_part(self) -> Part:
        """Set everything that the piece does not depend on to its default: a curvature is the same in every plane."""
        configuration, view, default = self.configuration.training_part(), self.view, View()
        if view.plane == "path":
            view = replace(view, normalisation=default.normalisation, biases=default.biases, draw=default.draw)
        if self.piece in ("frame", "slice", "curvature", "interpolation"):
            view = replace(view, steps=default.steps)
        if self.piece in ("frame", "curvature", "interpolation"):
            view = replace(view, radius=default.radius)
        if self.piece in ("curvature", "interpolation"):
            view = View(centre=view.centre if self.piece == "curvature" else 0)
        depends_on_path = self.piece in ("frame", "interpolation") or view.plane == "path"
        if not depends_on_path:
            configuration = replace(configuration, iterations=max(view.centre, 1))
        return replace(self, configuration=configuration, view=view)

    def with_width(self, width: int) -> Part:
        return replace(self, configuration=self.configuration.with_width(width))

    def digest(self) -> str:
        return _digest(self)

    def flaw(self, values: Values) -> str | None:
        rows, columns = self.shape()
        right = len(values) == rows and all(len(row) == columns for row in values)
        return None if right else "has values of another shape"

    def shape(self) -> tuple[int, int]:
        """Return the rows and columns of the values."""
        if self.piece == "frame":
            return 1 + len(path_iterations(self.configuration.iterations)), FRAME_COLUMNS
        if self.piece == "curvature":
            return 1, CURVATURE_COLUMNS
        return 1, self.view.steps if self.piece == "row" else LINE_STEPS


@lru_cache(maxsize=10_000)
def _digest(part: Part) -> str:
    """Hash a part; cached, because the page needs those of all its surfaces again and again."""
    kept = part.training_part()
    values = [kept.configuration.digest(), kept.view.as_dict(), kept.piece, kept.index]
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


def path_iterations(iterations: int) -> list[int]:
    """Return the numbers of updates after which the points of the path are kept: all, or evenly spread ones."""
    count = min(iterations + 1, MOST_PATH_POINTS)
    return [int(each) for each in np.linspace(0, iterations, count).round()]


def slice_coordinates(view: View) -> NDArray[np.float64]:
    """Return the coordinates of the points of a slice, ``[LINE_STEPS]``."""
    return view.along(LINE_STEPS)


def interpolation_coordinates() -> NDArray[np.float64]:
    """Return the coordinates of an interpolation, ``[LINE_STEPS]``: 0 is the initial point, 1 the last of the path."""
    return np.linspace(-BEYOND, 1 + BEYOND, LINE_STEPS)
