"""Architectures as a rank model sees them, whose scores are computed as the model needs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from eproxy_engine.learning.candidates import Candidates
from eproxy_engine.learning.panels import panel, shipped
from eproxy_engine.learning.panels.panel import SIZES, Score
from eproxy_engine.proxy import Evaluation, Outcome
from eproxy_engine.scoring import flops_norm
from eproxy_engine.search.architecture_search.domain import Domain
from eproxy_engine.search.architecture_search.modelled import OnePerNetwork, comparable
from eproxy_engine.search.architecture_search.settings import FURTHER
from eproxy_engine.search.strategies import Needed
from eproxy_engine.spaces import Architecture


class ComputedDomain(OnePerNetwork):
    """A :class:`eproxy_engine.search.strategies.Modelled` domain that has every score of a panel.

    Scores that ship are read; the others are computed for the architectures that become candidates. As each takes a
    while, the candidates are a few random architectures at first, or all if they are no more.
    """

    def __init__(self, domain: Domain, panel_name: str, images: str, seed: int, drawn: int) -> None:
        """Take the images and the seed of all scores, and the number of architectures ``drawn`` at first."""
        self.domain, self.drawn, self.further = domain, drawn, FURTHER
        self._panel, self._images, self._seed = panel(panel_name), images, seed
        self._scores: dict[tuple[str, Architecture], float] = {}
        """By name of the score and network."""

    def listed(self) -> list[Architecture] | None:
        """Return all measured architectures if they are no more than are drawn at first."""
        return self.domain.listed() if len(self.domain.accuracies) <= self.drawn else None

    def needed(self, values: Sequence[Architecture]) -> Needed | None:
        """Return the evaluations of all scores that neither ship nor are known."""
        wanted: dict[str, list[tuple[Score, Architecture, Evaluation]]] = {}
        for score in self._panel.scores:
            ships = self._shipped(score)
            for network in dict.fromkeys(map(self.network, values)):
                if (score.name, network) in self._scores:
                    continue
                if ships is not None and str(network) in ships.index:
                    self._scores[score.name, network] = float(ships[str(network)])
                    continue
                evaluation = Evaluation.of(self.domain.space, str(network), score.member, self._images, self._seed)
                wanted.setdefault(evaluation.key, []).append((score, network, evaluation))
        if not wanted:
            return None

        def take(outcomes: Mapping[str, Outcome]) -> None:
            for key, each in wanted.items():
                for score, network, _ in each:
                    norm = flops_norm(score.member, self.domain.space, self.domain.size(network).flops)
                    self._scores[score.name, network] = outcomes[key].score(score.member.canonical(), norm)

        return Needed([each[0][2] for each in wanted.values()], take)

    def candidates(self, values: Sequence[Architecture]) -> Candidates:
        """Compare architectures by sizes, descriptors and all scores of the panel."""
        networks = list(map(self.network, values))
        scores = pd.DataFrame([self.domain.size(value) for value in values], columns=list(SIZES), dtype=float)
        for score in self._panel.scores:
            scores[score.name] = [self._scores[score.name, network] for network in networks]
        return comparable(self.domain.space, self._panel, scores, networks)

    def _shipped(self, score: Score) -> pd.Series | None:
        ships = shipped(self.domain.space)
        return None if ships is None else ships.column(self.domain.space, score.member, self._images, self._seed)
