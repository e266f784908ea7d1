"""A learned ranking as the fitness of architectures of one space, with labels of another one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd

from eproxy_engine import benchmarks, spaces
from eproxy_engine.errors import UserError
from eproxy_engine.learning.candidates import candidates_of
from eproxy_engine.learning.models import GaussianProcess
from eproxy_engine.learning.normal_scores import Floats, normal_scores
from eproxy_engine.learning.panels import panel, shipped
from eproxy_engine.learning.panels.panel import SIZES
from eproxy_engine.learning.panels.shipped import IMAGES, SEED, labelled_spaces
from eproxy_engine.proxy import Evaluation, Outcome
from eproxy_engine.scoring import Member, flops_norm
from eproxy_engine.search.architecture_search.constraints import Size

MOST_LABELS = 500
"""Labels that are learned from; of more, as many random ones."""


@dataclass(frozen=True)
class RankingFitness:
    """The Gaussian process of the learned ranking: it sees the accuracies of ``labels_from``, none of ``space``.

    Scores are normal scores within each space, since sizes of networks of different depth and width do not compare.
    Descriptors are those that vary in both.
    """

    space: str
    labels_from: str
    """Search space whose accuracies on its first task are the labels; its scores ship."""
    panel: str
    """Name of the panel."""
    images: str
    seed: int

    @property
    def members(self) -> tuple[Member, ...]:
        """Proxies of the panel, in standard form."""
        return tuple(score.member.canonical() for score in panel(self.panel).scores)

    def evaluations(self, architecture: str) -> list[Evaluation]:
        """Return one evaluation per score of the panel that is computed."""
        return [Evaluation.of(self.space, architecture, member, self.images, self.seed) for member in self.members]

    def scores(self, architecture: str, size: Size, outcomes: Iterable[Outcome]) -> tuple[float, ...]:
        """Return the computed scores of an architecture; see :meth:`ProxyFitness.scores`."""
        return tuple(
            outcome.score(member, flops_norm(member, self.space, size.flops))
            for member, outcome in zip(self.members, outcomes, strict=True)
        )

    def fitness(
        self, architectures: Sequence[str], scores: Sequence[tuple[float, ...]], flops: Sequence[int]
    ) -> list[float]:
        """Return one predicted normal score per architecture, among the given ones; it changes as more come."""
        if len(architectures) < 2:
            return [0.0] * len(architectures)
        parameters = [_parameters(self.space, text) for text in architectures]
        table = pd.DataFrame(list(scores), columns=[score.name for score in panel(self.panel).scores], dtype=float)
        table.insert(0, SIZES[1], np.array(flops, dtype=float))
        table.insert(0, SIZES[0], np.array(parameters, dtype=float))
        described = pd.DataFrame([_described(self.space, text) for text in architectures])
        return self._predicted(table, described)[-len(table) :].tolist()

    def _predicted(self, scores: pd.DataFrame, described: pd.DataFrame) -> Floats:
        labels = self._labels
        names = [name for name in described if name in labels.descriptors and described[name].nunique() > 1]
        together = candidates_of(
            pd.concat([_ranked(labels.scores), _ranked(scores)], ignore_index=True),
            pd.concat([labels.descriptors[names], described[names]], ignore_index=True),
            panel(self.panel).prior_of,
        )
        return GaussianProcess().fit(together, np.arange(len(labels.accuracies)), labels.accuracies).mean

    @cached_property
    def _labels(self) -> Labels:
        return labels_of(self.labels_from, self.panel)


@dataclass(frozen=True, eq=False)
class Labels:
    """Measured architectures of a space: k rows each."""

    scores: pd.DataFrame
    descriptors: pd.DataFrame
    """Those that vary."""
    accuracies: Floats


@lru_cache(maxsize=4)
def labels_of(space: str, panel_name: str) -> Labels:
    """Return measured architectures of a space on its first task, one for each network, with shipped scores.

    Raises:
        UserError: If scores of the panel do not ship for that space.
    """
    family, ships = spaces.get(space), shipped(space)
    known = benchmarks.known(space, family.tasks[0].name)
    networks = [str(family.equivalent(family.parse(text))) for text in known["architecture"]]
    rows = known.assign(network=networks).drop_duplicates("network").set_index("network")
    columns = {name: rows[name].astype(float) for name in SIZES}
    for score in panel(panel_name).scores:
        column = None if ships is None else ships.column(space, score.member, IMAGES, SEED)
        if column is None:
            raise UserError(f"{score.name} does not ship for {space}; accepted: {', '.join(labelled_spaces())}")
        columns[score.name] = rows.index.to_series().map(column)
    table = pd.DataFrame(columns).dropna()
    if len(table) > MOST_LABELS:
        table = table.iloc[np.sort(np.random.default_rng(0).permutation(len(table))[:MOST_LABELS])]
    described = pd.DataFrame([_described(space, text) for text in table.index])
    varying = [name for name in described if described[name].nunique() > 1]
    accuracies = rows["accuracy"].loc[table.index].to_numpy(float)
    return Labels(table.reset_index(drop=True), described[varying], accuracies)


def _ranked(scores: pd.DataFrame) -> pd.DataFrame:
    return scores.apply(normal_scores)


@lru_cache(maxsize=100_000)
def _parameters(space: str, text: str) -> int:
    family = spaces.get(space)
    return family.counts(family.parse(text)).parameters


@lru_cache(maxsize=100_000)
def _described(space: str, text: str) -> dict[str, float]:
    family = spaces.get(space)
    return family.descriptors(family.parse(text))
