"""Plan of loss landscapes, and their measures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from eproxy_engine import statistics
from eproxy_engine.landscape import CURVATURE, MEASURES, Landscape, landscape
from eproxy_engine.landscape.landscape import parts
from eproxy_engine.proxy import Outcome
from eproxy_engine.runs.kinds.landscape.specification import LandscapeSpecification, Surface
from eproxy_engine.runs.plan import Outcomes, Plan, Steps

UNITS = [*MEASURES, *CURVATURE]


class LandscapePlan(Plan):
    """Plan of loss landscapes."""

    def __init__(self, specification: LandscapeSpecification) -> None:
        self._specification = specification
        self._left = specification.surfaces()
        self._parts = len(parts(specification.configuration, specification.view))
        self._done = 0

    def steps(self) -> Steps:
        """Yield the evaluations of one surface at a time, so that finished surfaces can be shown."""
        while self._left:
            yield self._specification.evaluations(self._left.pop(0))
            self._done += 1

    def remaining(self) -> int:
        return self._parts * len(self._left)

    def progress(self) -> dict[str, Any]:
        """Return the number of finished surfaces."""
        return {"steps": self._done}

    def result(self, outcomes: Outcomes) -> dict[str, Any] | None:
        """Return ``surfaces``, the rows of :func:`measured`, and ``separation``, those of :func:`separated`."""
        rows = measured(self._specification, outcomes)
        return {"surfaces": rows, "separation": separated(pd.DataFrame(rows))}


def surface_of(specification: LandscapeSpecification, surface: Surface, outcomes: Mapping[str, Outcome]) -> Landscape:
    """Return the surface as far as its ``outcomes`` are known."""
    return landscape(surface.view, specification.evaluations(surface), outcomes)


def measured(specification: LandscapeSpecification, outcomes: Outcomes) -> list[dict[str, Any]]:
    """Return one row per complete surface, as JSON values, None where undefined."""
    accuracies = specification.architectures().set_index("architecture")["accuracy"]
    found = ((surface, surface_of(specification, surface, outcomes)) for surface in specification.surfaces())
    return [_row(surface, shown, float(accuracies[surface.architecture])) for surface, shown in found if shown.complete]


def _row(surface: Surface, shown: Landscape, accuracy: float) -> dict[str, Any]:
    numbers = ("centre_loss", "top_eigenvalue", "top_error", "trace", "trace_error", "cosine", "explained")
    return {
        "architecture": surface.architecture,
        "accuracy": statistics.or_none(accuracy),
        "barrier": surface.barrier,
        "seed": surface.seed,
        "draw": surface.view.draw,
        "centre": surface.view.centre,
        **shown.measures.as_dict(),
        **{name: statistics.or_none(getattr(shown, name)) for name in numbers},
    }


def separated(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Test how well each measure separates the more accurate half of the architectures from the other, by barrier.

    Architectures are compared by their means over seeds, directions and centres.

    Args:
        rows: Rows of :func:`measured`.

    Returns:
        Rows with ``measure``, ``barrier``, ``good`` and ``bad`` (means), ``good_sd``, ``bad_sd``, ``auc`` and ``p`` of
        :func:`eproxy_engine.statistics.separation`, and the numbers of architectures; empty with fewer than two
        architectures of known accuracy.
    """
    good, bad = halves(rows)
    if not good:
        return []
    found = []
    for barrier, group in rows.groupby("barrier", sort=False):
        means = group.groupby("architecture")[UNITS].mean(numeric_only=False)
        for measure in UNITS:
            one, other = (means[measure].reindex(names).dropna().to_numpy(float) for names in (good, bad))
            found.append({"measure": measure, "barrier": bool(barrier), **statistics.separation(one, other)})
    return found


def halves(rows: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Split the architectures of :func:`measured` into the more and the less accurate; the middle one is in neither."""
    if rows.empty:
        return [], []
    known = rows.dropna(subset=["accuracy"]).groupby("architecture")["accuracy"].first().sort_values()
    half = len(known) // 2
    return known.index[len(known) - half :].tolist(), known.index[:half].tolist()
