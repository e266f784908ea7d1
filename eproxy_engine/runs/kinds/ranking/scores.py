"""Scores of the candidates: shipped ones and computed ones together."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from eproxy_engine import spaces
from eproxy_engine.learning.panels import shipped
from eproxy_engine.learning.panels.panel import SIZES, Score
from eproxy_engine.runs.kinds.ranking.specification import RankingSpecification
from eproxy_engine.runs.plan import Outcomes
from eproxy_engine.scoring import flops_norm


def panel_scores(given: RankingSpecification, outcomes: Outcomes) -> pd.DataFrame | None:
    """Return the panel's scores of all candidates; None while some are missing.

    Args:
        given: What is ranked.
        outcomes: Known outcomes, by key of the evaluation.

    Returns:
        One row per row of :meth:`RankingSpecification.candidates`, one column per score; −inf where it failed.
    """
    rows = given.candidates()
    columns = {name: rows[name].astype(float) for name in SIZES}
    for score in given.panel.scores:
        column = _column(given, score, rows, outcomes)
        if column is None:
            return None
        columns[score.name] = column
    return pd.DataFrame(columns)


def _column(given: RankingSpecification, score: Score, rows: pd.DataFrame, outcomes: Outcomes) -> pd.Series | None:
    evaluations = given.evaluations_of(score)
    if any(evaluation.key not in outcomes for evaluation in evaluations):
        return None
    flops = dict(zip(rows["network"], flops_norm(score.member, given.space, rows["flops"]), strict=True))
    member = score.member.canonical()
    found = {
        network: outcomes[evaluation.key].score(member, flops[network])
        for network, evaluation in zip(given.missing(score), evaluations, strict=True)
    }
    ships = shipped(given.space)
    column = None if ships is None else ships.column(given.space, score.member, given.images, given.seed)
    known = rows["network"].map(found)
    return known if column is None else known.fillna(rows["network"].map(column)).fillna(-math.inf)


def descriptors(given: RankingSpecification) -> pd.DataFrame:
    """Return the descriptors of all candidates, one row each."""
    family = spaces.get(given.space)
    return pd.DataFrame([family.descriptors(family.parse(text)) for text in given.candidates()["network"]])


def seconds_per_architecture(given: RankingSpecification, outcomes: Outcomes) -> float:
    """Return the seconds of one core that all scores of a further architecture take; nan if unknown."""
    ships, total = shipped(given.space), 0.0
    for score in given.panel.scores:
        computed = [outcomes[e.key].seconds for e in given.evaluations_of(score) if e.key in outcomes]
        if computed:
            total += float(np.mean(computed))
        else:
            total += math.nan if ships is None else ships.seconds(score.name)
    return total
