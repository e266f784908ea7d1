"""What the model of a Bayesian search believed at each of its queries, worked out from the queries alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from eproxy_engine.learning.measure_next import expected_improvement
from eproxy_engine.learning.models import Prediction
from eproxy_engine.learning.models.growing import GrowingProcess
from eproxy_engine.learning.normal_scores import Floats, normal_scores
from eproxy_engine.search.architecture_search.domain import Domain
from eproxy_engine.search.architecture_search.modelled import ModelledDomain
from eproxy_engine.spaces import Architecture

DRAWN = 2_000
"""Random architectures that stand for a domain too large to be listed."""


@dataclass(frozen=True)
class Asked:
    """One query as the model saw it just before; on the scale of normal scores of the accuracies queried by then."""

    query: int
    """Number of the query, from 1."""
    architecture: str
    mean: float
    deviation: float
    rank: int
    """Rank by predicted mean among the architectures that were not queried yet, from 1."""
    candidates: int
    """Number of these architectures."""
    improvement: float
    """Expected improvement over the best of the queried ones."""
    accuracy: float
    """What the query brought."""
    measured: float
    """Its normal score among the accuracies queried by then and itself."""


@dataclass(frozen=True, eq=False)
class Belief:
    """Belief after some queries, about n architectures with different networks."""

    architectures: list[str]
    prediction: Prediction
    """On the scale of normal scores of the queried accuracies."""
    queried: dict[str, float]
    """Accuracies queried by then."""
    flops: Floats
    """Shape (n,)."""


class Beliefs:
    """Beliefs of one Bayesian search about all architectures it could ask for, one for each network.

    Where a domain is too large to be listed, random architectures stand for those that were not queried.
    """

    def __init__(self, domain: Domain, panel: str, queries: Sequence[tuple[str, float]]) -> None:
        """Take the queries, in order, as pairs of architecture and accuracy; more than one of a network count once."""
        self._modelled = ModelledDomain(domain, panel)
        self._queries = queries
        self._candidates = self._modelled.candidates(self._architectures)

    @property
    def most(self) -> int:
        """Number of queries that a model learns from."""
        return len(self._learned)

    def after(self, queries: int) -> Belief:
        """Return the belief after so many queries, at least one."""
        process, learned = GrowingProcess(self._candidates), self._learned[:queries]
        for place, _ in learned:
            process.label(place)
        texts = list(map(str, self._architectures))
        prediction = process.predict([accuracy for _, accuracy in learned])
        return Belief(texts, prediction, {texts[place]: accuracy for place, accuracy in learned}, self._flops)

    def asked(self, first: int) -> list[Asked]:
        """Return every query after the ``first`` ones, at least one, as the model saw it."""
        process, found, accuracies = GrowingProcess(self._candidates), list[Asked](), list[float]()
        for number, (place, accuracy) in enumerate(self._learned, start=1):
            if number > first:
                found.append(_asked(process, accuracies, number, place, accuracy, str(self._architectures[place])))
            process.label(place)
            accuracies.append(accuracy)
        return found

    @cached_property
    def _architectures(self) -> list[Architecture]:
        """One architecture per network; a queried one where there is one and not all can be listed."""
        listed = self._modelled.listed()
        if listed is None:
            rng, parse = np.random.default_rng(0), self._modelled.domain.family.parse
            listed = [*(parse(text) for text, _ in self._queries), *(self._modelled.sample(rng) for _ in range(DRAWN))]
        by_network: dict[Architecture, Architecture] = {}
        for architecture in listed:
            by_network.setdefault(self._modelled.network(architecture), architecture)
        return list(by_network.values())

    @cached_property
    def _learned(self) -> list[tuple[int, float]]:
        """Place and accuracy of the first query of each network."""
        places = {self._modelled.network(each): place for place, each in enumerate(self._architectures)}
        parse, found = self._modelled.domain.family.parse, dict[int, float]()
        for text, accuracy in self._queries:
            place = places.get(self._modelled.network(parse(text)))
            if place is not None:
                found.setdefault(place, accuracy)
        return list(found.items())

    @cached_property
    def _flops(self) -> Floats:
        return np.array([self._modelled.domain.size(each).flops for each in self._architectures], dtype=np.float64)


def _asked(
    process: GrowingProcess, accuracies: list[float], query: int, place: int, accuracy: float, architecture: str
) -> Asked:
    """Return a query as the model saw it, which has been told the ``accuracies`` of the earlier ones."""
    prediction = process.predict(accuracies)
    mean, deviation = float(prediction.mean[place]), float(prediction.deviation[place])
    known = prediction.mean[process.labelled]
    above = int((prediction.mean > mean).sum()) - int((known > mean).sum())
    return Asked(
        query=query,
        architecture=architecture,
        mean=mean,
        deviation=deviation,
        rank=1 + above,
        candidates=len(prediction.mean) - len(known),
        improvement=float(expected_improvement(prediction, float(known.max()))[place]),
        accuracy=accuracy,
        measured=float(normal_scores([*accuracies, accuracy])[-1]),
    )
