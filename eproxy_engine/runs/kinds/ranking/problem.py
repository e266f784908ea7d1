"""The learning problem of a ranking: comparable candidates, known accuracies, draws of the labelled ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from eproxy_engine.learning.candidates import Candidates, Places, candidates_of
from eproxy_engine.learning.choosing_labels import at_random, facility_location
from eproxy_engine.learning.judging import Court
from eproxy_engine.learning.measure_next import measure_next
from eproxy_engine.learning.models import MODELS, Prediction
from eproxy_engine.learning.normal_scores import Floats
from eproxy_engine.learning.prior_weights import taught_ranking
from eproxy_engine.learning.settings import KNOWN, MARKED, SPREAD_OUT
from eproxy_engine.runs.kinds.ranking.scores import descriptors, panel_scores
from eproxy_engine.runs.kinds.ranking.specification import RankingSpecification
from eproxy_engine.runs.plan import Outcomes


@dataclass(frozen=True, eq=False)
class Problem:
    """What a model is given."""

    specification: RankingSpecification
    rows: pd.DataFrame
    """Rows of :meth:`RankingSpecification.candidates`."""
    scores: pd.DataFrame
    descriptors: pd.DataFrame
    candidates: Candidates
    accuracies: Floats
    """Shape (n,), nan where unknown. Those given with the specification replace those of the table."""
    networks: Places
    """Number of each candidate's network, shape (n,): equal for architectures with an equal network."""

    @property
    def court(self) -> Court:
        """The candidates and what judges their ranking."""
        return Court(self.candidates, self.accuracies, self.networks)

    @property
    def fixed_labels(self) -> Places | None:
        """Labelled candidates that are the same in every draw; None if they are drawn."""
        given, settings = self.specification.given, self.specification.settings
        if given:
            return np.flatnonzero(self.rows["given"].notna())
        known = np.isfinite(self.accuracies)
        if settings.choose == MARKED:
            return np.flatnonzero(known & self.rows["marked"].to_numpy(bool))
        return np.flatnonzero(known) if settings.choose == KNOWN else None

    def draw(self, number: int, count: int | None = None) -> Places:
        """Return the labelled candidates of a draw; those of a smaller ``count`` are the first of a larger one."""
        fixed = self.fixed_labels
        if fixed is not None:
            return fixed
        settings = self.specification.settings
        rng = np.random.default_rng([self.specification.seed, number])
        known, count = np.flatnonzero(np.isfinite(self.accuracies)), settings.labels if count is None else count
        if settings.choose == SPREAD_OUT:
            return facility_location(self.candidates, known, count, rng)
        return at_random(known, count, rng)

    def prediction(self) -> tuple[Places, Prediction]:
        """Return the labelled candidates of the first draw, and what the model says of all candidates."""
        return self._first

    @cached_property
    def _first(self) -> tuple[Places, Prediction]:
        """Kept, as each part of the page asks for it."""
        labelled = self.draw(0)
        model = MODELS[self.specification.settings.model]
        return labelled, model.fit(self.candidates, labelled, self.accuracies[labelled])

    def next(self, count: int, aim: str) -> list[str]:
        """Return the architectures to measure next, most useful first.

        Args:
            count: How many.
            aim: A key of :data:`eproxy_engine.learning.measure_next.AIMS`.
        """
        labelled, prediction = self.prediction()
        seed = self.specification.seed
        chosen = measure_next(self.candidates, prediction, labelled, self.networks, count, aim, seed)
        return self.rows["architecture"].iloc[chosen].tolist()


def problem_of(given: RankingSpecification, outcomes: Outcomes) -> Problem | None:
    """Return the problem; None while scores are missing. Raises UserError if nothing varies."""
    scores = panel_scores(given, outcomes)
    if scores is None:
        return None
    rows, described = given.candidates(), descriptors(given)
    accuracies = rows["given"].fillna(rows["accuracy"]).to_numpy(float)
    candidates = candidates_of(scores, described, given.panel.prior_of, taught_ranking(given.space, scores))
    networks = pd.factorize(rows["network"])[0]
    return Problem(given, rows, scores, described, candidates, accuracies, networks)


def ranking(problem: Problem) -> pd.DataFrame:
    """Rank all candidates by the first draw's labels, best first.

    Returns:
        ``rank``, ``architecture``, ``predicted`` and ``deviation`` on the scale of normal scores, ``labelled``,
        ``accuracy`` (nan where unknown) and one column per score.
    """
    labelled, prediction = problem.prediction()
    table = pd.DataFrame(
        {
            "architecture": problem.rows["architecture"],
            "predicted": prediction.mean,
            "deviation": prediction.deviation,
            "labelled": np.isin(np.arange(len(problem.rows)), labelled),
            "accuracy": problem.accuracies,
        }
    )
    table = pd.concat([table, problem.scores], axis=1)
    ordered = table.sort_values("predicted", ascending=False, kind="stable", ignore_index=True)
    ordered.insert(0, "rank", np.arange(1, len(ordered) + 1))
    return ordered
