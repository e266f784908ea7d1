"""What a finished search has found: its best configuration, or an ensemble of its best few."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from eproxy_engine.proxy import Configuration
from eproxy_engine.proxy.ensemble import Ensemble
from eproxy_engine.search.dps import Problem, Trial
from eproxy_engine.search.settings import DpsSettings
from eproxy_engine.statistics import spearman


@dataclass(frozen=True)
class Found:
    """A proxy: a configuration, and what its ranks are averaged with, if anything."""

    configuration: Configuration
    ensemble: Ensemble | None
    rho: float
    """On the architectures of the problem; optimistic, as it was chosen by it."""
    places: tuple[int, ...]
    """Of its members in the history, best first."""


def found(problem: Problem, trials: list[Trial], settings: DpsSettings) -> Found:
    """The proxy that ``trials`` (at least one of them evaluated in full) lead to."""
    places = best_different(trials, settings.members)
    first = trials[places[0]]
    if settings.members == 1 and settings.flops_shares == (0.0,):
        return Found(first.configuration, None, first.rho, places)
    others = tuple(trials[place].configuration for place in places[1:])
    scores = np.array([[-math.inf if s is None else s for s in trials[place].scores] for place in places])
    norms = np.array(problem.flops_norm)
    ensembles = [Ensemble(others, share) for share in settings.flops_shares]
    rhos = [spearman(ensemble.combine(scores, norms), problem.accuracy) for ensemble in ensembles]
    best = int(np.nanargmax(rhos)) if np.isfinite(rhos).any() else 0
    return Found(first.configuration, ensembles[best], rhos[best], places)


def best_different(trials: list[Trial], members: int) -> tuple[int, ...]:
    """Places of the ``members`` best trials whose training parts differ, best first, of equal ones the earliest.

    Those that racing cut short do not count.
    """
    by_rho = sorted((place for place, trial in enumerate(trials) if trial.scores), key=lambda place: -trials[place].rho)
    chosen: dict[str, int] = {}
    for place in by_rho:
        chosen.setdefault(trials[place].configuration.training_part().digest(), place)
    return tuple(chosen.values())[:members]
