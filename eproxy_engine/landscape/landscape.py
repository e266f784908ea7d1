"""A landscape assembled from its parts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from eproxy_engine.landscape.measures import Measures, measures
from eproxy_engine.landscape.part import (
    LINE_STEPS,
    Part,
    interpolation_coordinates,
    path_iterations,
    slice_coordinates,
)
from eproxy_engine.landscape.view import View
from eproxy_engine.proxy.configuration import Configuration
from eproxy_engine.proxy.evaluation import Evaluation, Outcome

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Landscape:
    """One surface with its path, lines and curvature; nan where a point is not finite or not computed yet."""

    x: Floats
    """``[steps]``: coordinates along the first direction; ``y`` is along the second."""
    y: Floats
    loss: Floats
    """``[steps, steps]``: a row for each ``y``, a column for each ``x``."""
    computed: int
    """Number of computed rows."""
    path: Floats
    """``[points, 3]``: x, y and loss of the optimisation path, projected on the plane; empty until computed."""
    path_iterations: list[int]
    """Updates before each point of the path."""
    slice_x: Floats
    """``[LINE_STEPS]``: coordinates of the slices."""
    slices: Floats
    """``[2, LINE_STEPS]``: losses along the first and second direction through the centre."""
    interpolation_x: Floats
    """``[LINE_STEPS]``: coordinates of the interpolation; 0 is the initial point, 1 the last of the path."""
    interpolation: Floats
    """``[LINE_STEPS]``: losses of the interpolation."""
    cosine: float
    """Cosine of the angle between the directions: 0 if they are orthogonal."""
    explained: float
    """Share of the path's variance that lies in the plane."""
    centre_loss: float
    top_eigenvalue: float
    """Eigenvalue of largest magnitude of the Hessian at the centre."""
    top_error: float
    """Relative error of the eigenvalue, ‖Hv − λv‖ / |λ| for the unit vector found; few iterations leave one."""
    trace: float
    """Hutchinson's estimate of the trace of the Hessian at the centre."""
    trace_error: float
    """Standard error of the trace."""
    measures: Measures
    """Measures of the surface; nan until all rows are computed."""

    @property
    def complete(self) -> bool:
        """Whether all rows are computed."""
        return self.computed == len(self.y)


def parts(configuration: Configuration, view: View) -> list[Part]:
    """Return all parts of a landscape in the order in which to compute them.

    Args:
        configuration: The proxy's configuration.
        view: Plane and grid of the landscape.

    Example:
        >>> from eproxy_engine.proxy import preset
        >>> len(parts(preset("laptop"), View(steps=25)))
        30
    """
    lines = [Part(configuration, view, "slice", index) for index in (0, 1)]
    rest = [Part(configuration, view, piece) for piece in ("interpolation", "curvature")]
    rows = [Part(configuration, view, "row", index) for index in range(view.steps)]
    return [Part(configuration, view, "frame"), *lines, *rest, *rows]


def landscape(view: View, evaluations: list[Evaluation], outcomes: Mapping[str, Outcome]) -> Landscape:
    """Assemble a landscape from the outcomes so far.

    Args:
        view: Plane and grid of the landscape.
        evaluations: Evaluations of :func:`parts`, in that order.
        outcomes: Outcomes by the key of their evaluation.

    Returns:
        The landscape, with nan for parts without an outcome.
    """
    values = [outcomes[each.key].values if each.key in outcomes else None for each in evaluations]
    frame, first, second, interpolation, curvature, *rows = values
    loss = _finite([row[0] if row else [math.nan] * view.steps for row in rows])
    computed = [row is not None for row in rows]
    cosine, explained, centre_loss = frame[0] if frame else (math.nan,) * 3
    top, top_error, trace, trace_error = curvature[0] if curvature else (math.nan,) * 4
    return Landscape(
        x=view.coordinates(),
        y=view.coordinates(),
        loss=loss,
        computed=sum(computed),
        path=_finite(frame[1:]) if frame else np.empty((0, 3)),
        path_iterations=_path_iterations(evaluations[0]) if frame else [],
        slice_x=slice_coordinates(view),
        slices=np.array([_line(first), _line(second)]),
        interpolation_x=interpolation_coordinates(),
        interpolation=_line(interpolation),
        cosine=cosine,
        explained=explained,
        centre_loss=centre_loss,
        top_eigenvalue=top,
        top_error=top_error,
        trace=trace,
        trace_error=trace_error,
        measures=measures(loss if all(computed) else np.full_like(loss, math.nan)),
    )


def _path_iterations(frame: Evaluation) -> list[int]:
    part = frame.configuration
    assert isinstance(part, Part)
    return path_iterations(part.configuration.iterations)


def _line(values: tuple[tuple[float, ...], ...] | None) -> Floats:
    return _finite(values[0] if values else [math.nan] * LINE_STEPS)


def _finite(values: ArrayLike) -> Floats:
    """Replace values that are not finite by nan."""
    found = np.array(values, dtype=float)
    found[~np.isfinite(found)] = math.nan
    return found
