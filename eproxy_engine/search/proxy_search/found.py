"""The proxy that a proxy search has found: its best configuration, or an ensemble of its best few."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from eproxy_engine.scoring import Ensemble, Proxy
from eproxy_engine.search.proxy_search.search import UNDEFINED, Problem, Trial
from eproxy_engine.search.proxy_search.settings import ProxySearchSettings
from eproxy_engine.statistics import spearman


@dataclass(frozen=True)
class Found:
    """The proxy that a proxy search has found."""

    proxy: Proxy
    rho: float
    """ρ on the architectures of the problem; optimistic, because the proxy was chosen by it. −1 where undefined."""
    places: tuple[int, ...]
    """Places of its members in the history, best first."""


def proxy_found(problem: Problem, trials: list[Trial], settings: ProxySearchSettings) -> Found:
    """Return the proxy that the trials lead to.

    Args:
        problem: Problem of the proxy search.
        trials: History of the proxy search, with at least one trial evaluated in full.
        settings: Settings of the proxy search.
    """
    places = members(trials, settings)
    first = trials[places[0]]
    if len(places) == 1 and not settings.flops:
        return Found(first.configuration, first.rho, places)
    norms = np.array(problem.flops_norm)
    share = flops_share(problem) if settings.flops else 0.0
    ensemble = Ensemble(tuple(trials[place].configuration for place in places), share)
    scores = np.array([[-math.inf if s is None else s for s in trials[place].scores] for place in places])
    rho = spearman(ensemble.combine(scores, norms), problem.accuracy)
    return Found(ensemble, rho if math.isfinite(rho) else UNDEFINED, places)


def flops_share(problem: Problem) -> float:
    """Return the weight of the FLOPs' rank: their ρ with the accuracy on the sample, 0 if negative.

    The weight that maximizes the ensemble's ρ on the sample was wrong more often (docs/RESULTS.md).
    """
    rho = spearman(np.array(problem.flops_norm), problem.accuracy)
    return max(0.0, round(rho, 2)) if math.isfinite(rho) else 0.0


def members(trials: list[Trial], settings: ProxySearchSettings) -> tuple[int, ...]:
    """Return the places of the best trials with different training parts, best first, ties by age.

    The prior, if any, is always among several members. Trials that racing cut short do not count.
    """
    chosen: dict[str, int] = {}
    for place in best_first(trials):
        chosen.setdefault(trials[place].configuration.training_part().digest(), place)
    places = list(chosen.values())
    if settings.prior and settings.members > 1 and 0 in places[settings.members :]:
        places = [*places[: settings.members - 1], 0]
    return tuple(places[: settings.members])


def best_first(trials: list[Trial]) -> list[int]:
    """Return the places of the trials that were evaluated in full, highest ρ first."""
    return sorted((place for place, trial in enumerate(trials) if trial.scores), key=lambda place: -trials[place].rho)
