"""What a finished search has found: its best configuration, or an ensemble of its best few."""

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
    """What a search has found."""

    proxy: Proxy
    rho: float
    """On the architectures of the problem; optimistic, as it was chosen by it. −1 where undefined."""
    places: tuple[int, ...]
    """Of its members in the history, best first."""


def proxy_found(problem: Problem, trials: list[Trial], settings: ProxySearchSettings) -> Found:
    """The proxy that ``trials`` (at least one of them evaluated in full) lead to."""
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
    """The FLOPs weigh as much as they rank the sample: their ρ with the accuracy, nothing if it is negative.

    Chosen among weights by the ρ of the whole on the sample, it was wrong more often (docs/RESULTS.md).
    """
    rho = spearman(np.array(problem.flops_norm), problem.accuracy)
    return max(0.0, round(rho, 2)) if math.isfinite(rho) else 0.0


def members(trials: list[Trial], settings: ProxySearchSettings) -> tuple[int, ...]:
    """Places of the best trials whose training parts differ, best first, of equal ones the earliest.

    The prior, where there is one, is always among several. Those that racing cut short do not count.
    """
    chosen: dict[str, int] = {}
    for place in best_first(trials):
        chosen.setdefault(trials[place].configuration.training_part().digest(), place)
    places = list(chosen.values())
    if settings.prior and settings.members > 1 and 0 in places[settings.members :]:
        places = [*places[: settings.members - 1], 0]
    return tuple(places[: settings.members])


def best_first(trials: list[Trial]) -> list[int]:
    """Places of the trials that were evaluated in full, by their ρ."""
    return sorted((place for place, trial in enumerate(trials) if trial.scores), key=lambda place: -trials[place].rho)
