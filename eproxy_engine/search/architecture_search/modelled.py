"""Architectures as a rank model sees them: a searched domain with scores, sizes and descriptors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np
import pandas as pd

from eproxy_engine import spaces
from eproxy_engine.learning.candidates import Candidates, candidates_of
from eproxy_engine.learning.panels import panel, shipped
from eproxy_engine.learning.panels.panel import SIZES, Panel
from eproxy_engine.learning.panels.shipped import IMAGES, SEED
from eproxy_engine.learning.prior_weights import taught_ranking
from eproxy_engine.search.architecture_search.domain import Domain
from eproxy_engine.spaces import Architecture


class OnePerNetwork:
    """What domains that a model learns from have in common: a searched domain, whose equal networks are one."""

    domain: Domain

    def sample(self, rng: np.random.Generator) -> Architecture:
        """See :meth:`Domain.sample`."""
        return self.domain.sample(rng)

    def mutate(self, value: Architecture, rng: np.random.Generator) -> Architecture:
        """See :meth:`Domain.mutate`."""
        return self.domain.mutate(value, rng)

    def neighbours(self, value: Architecture, rng: np.random.Generator) -> Iterator[Architecture]:
        """See :meth:`Domain.neighbours`."""
        return self.domain.neighbours(value, rng)

    def network(self, value: Architecture) -> Architecture:
        """Return the representative of all architectures with an equal network."""
        return _network_of(self.domain.space, value)


@dataclass(frozen=True)
class ModelledDomain(OnePerNetwork):
    """A :class:`eproxy_engine.search.strategies.Modelled` domain of architectures."""

    domain: Domain
    panel: str
    """Name of the panel whose scores a model may weigh, as far as they ship."""

    drawn: ClassVar[int] = 2_000
    further: ClassVar[int] = 50

    def listed(self) -> list[Architecture] | None:
        """See :meth:`Domain.listed`."""
        return self.domain.listed()

    def needed(self, values: Sequence[Architecture]) -> None:
        """Return nothing, as scores that do not ship are left out."""

    def candidates(self, values: Sequence[Architecture]) -> Candidates:
        """Compare architectures by sizes, descriptors and those scores of the panel that ship for all of them.

        Only scores beyond the sizes make a prior ranking.
        """
        return _candidates(self, tuple(values))


@lru_cache(maxsize=100_000)
def _network_of(space: str, value: Architecture) -> Architecture:
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
    for score in panel(given.panel).scores:
        column = None if ships is None else ships.column(space, score.member, IMAGES, SEED)
        if column is not None and texts.isin(column.index).all():
            scores[score.name] = texts.map(column)
    return comparable(space, panel(given.panel), scores, networks)


def comparable(space: str, given: Panel, scores: pd.DataFrame, networks: Sequence[Architecture]) -> Candidates:
    """Compare architectures by scores and descriptors; a prior ranking needs scores beyond the sizes.

    Args:
        space: Their search space.
        given: The panel of the scores.
        scores: One row per architecture, one column per score that is known.
        networks: Representative of each architecture's network, which is described.
    """
    descriptors = pd.DataFrame([_described(space, network) for network in networks])
    return candidates_of(
        scores,
        descriptors,
        given.prior_of if set(given.prior_of) <= set(scores) else (),
        taught_ranking(space, scores) if len(scores.columns) > len(SIZES) else None,
    )
