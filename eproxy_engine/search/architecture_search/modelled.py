"""Architectures as a rank model sees them: a searched domain with scores, sizes and descriptors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from eproxy_engine import spaces
from eproxy_engine.learning.candidates import Candidates, candidates_of
from eproxy_engine.learning.panels import panel, shipped
from eproxy_engine.learning.panels.panel import SIZES
from eproxy_engine.learning.panels.shipped import IMAGES, SEED
from eproxy_engine.learning.prior_weights import taught_ranking
from eproxy_engine.search.architecture_search.domain import Domain
from eproxy_engine.spaces import Architecture


@dataclass(frozen=True)
class ModelledDomain:
    """A :class:`eproxy_engine.search.strategies.Modelled` domain of architectures."""

    domain: Domain
    panel: str
    """Name of the panel whose scores a model may weigh, as far as they ship."""

    def sample(self, rng: np.random.Generator) -> Architecture:
        """See :meth:`Domain.sample`."""
        return self.domain.sample(rng)

    def mutate(self, value: Architecture, rng: np.random.Generator) -> Architecture:
        """See :meth:`Domain.mutate`."""
        return self.domain.mutate(value, rng)

    def neighbours(self, value: Architecture, rng: np.random.Generator) -> Iterator[Architecture]:
        """See :meth:`Domain.neighbours`."""
        return self.domain.neighbours(value, rng)

    def listed(self) -> list[Architecture] | None:
        """See :meth:`Domain.listed`."""
        return self.domain.listed()

    def network(self, value: Architecture) -> Architecture:
        """Return the representative of all architectures with an equal network."""
        return _network(self.domain.space, value)

    def candidates(self, values: Sequence[Architecture]) -> Candidates:
        """Compare architectures by sizes, descriptors and those scores of the panel that ship for all of them.

        Only scores beyond the sizes make a prior ranking.
        """
        return _candidates(self, tuple(values))


@lru_cache(maxsize=100_000)
def _network(space: str, value: Architecture) -> Architecture:
    return spaces.get(space).equivalent(value)


@lru_cache(maxsize=100_000)
def _described(space: str, network: Architecture) -> dict[str, float]:
    return spaces.get(space).descriptors(network)


@lru_cache(maxsize=2)  # all seeds of a search share what can be listed
def _candidates(given: ModelledDomain, values: tuple[Architecture, ...]) -> Candidates:
    space, domain = given.domain.space, given.domain
    scores = pd.DataFrame([domain.size(value) for value in values], columns=list(SIZES), dtype=float)
    networks = list(map(given.network, values))
    texts, ships = pd.Series(list(map(str, networks))), shipped(space)
    for score in panel(given.panel).scores if ships else ():
        column = ships.column(space, score.member, IMAGES, SEED) if ships else None
        if column is not None and texts.isin(column.index).all():
            scores[score.name] = texts.map(column)
    descriptors = pd.DataFrame([_described(space, network) for network in networks])
    prior_of = panel(given.panel).prior_of
    return candidates_of(
        scores,
        descriptors,
        prior_of if set(prior_of) <= set(scores) else (),
        taught_ranking(space, scores) if len(scores.columns) > len(SIZES) else None,
    )
