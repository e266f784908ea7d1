"""Loss landscapes: their parts, surface after surface, and what they show together."""

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
    """See :class:`eproxy_engine.runs.plan.Plan`."""

    def __init__(self, specification: LandscapeSpecification) -> None:
        self._specification = specification
        self._left = specification.surfaces()
        self._parts = len(parts(specification.configuration, specification.view))
        self._done = 0

    def steps(self) -> Steps:
        """Surface after surface, so that what is finished can be looked at."""
        while self._left:
            yield self._specification.evaluations(self._left.pop(0))
            self._done += 1

    def remaining(self) -> int:
        return self._parts * len(self._left)

    def progress(self) -> dict[str, Any]:
        """How many surfaces are behind it."""
        return {"steps": self._done}

    def result(self, outcomes: Outcomes) -> dict[str, Any] | None:
        """``surfaces``: one row for each that is complete, as of :func:`measured`; ``separation``: as of
        :func:`separated`."""
        rows = measured(self._specification, outcomes)
        return {"surfaces": rows, "separation": separated(pd.DataFrame(rows))}


def surface_of(specification: LandscapeSpecification, surface: Surface, outcomes: Mapping[str, Outcome]) -> Landscape:
    """The surface as far as ``outcomes`` tell."""
    return landscape(surface.view, specification.evaluations(surface), outcomes)


def measured(specification: LandscapeSpecification, outcomes: Outcomes) -> list[dict[str, Any]]:
    """One row for each complete surface; JSON values, None where not defined."""
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
    """How well each measure tells the more accurate half of the architectures from the other, by barrier.

    Architectures are compared by their means over seeds, directions and centres; empty with fewer than two of known
    accuracy. Each row has ``measure``, ``barrier``, ``good`` and ``bad`` (means), ``good_sd`` and ``bad_sd``, ``auc``
    and ``p`` as of :func:`eproxy_engine.statistics.separation`, and the numbers of architectures.
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
    """The more and the less accurate architectures among rows of :func:`measured`; one in the middle is in neither."""
    if rows.empty:
        return [], []
    known = rows.dropna(subset=["accuracy"]).groupby("architecture")["accuracy"].first().sort_values()
    half = len(known) // 2
    return known.index[len(known) - half :].tolist(), known.index[:half].tolist()
