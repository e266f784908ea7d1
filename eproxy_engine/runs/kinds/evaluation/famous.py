"""Where a proxy ranks the famous networks among the evaluated architectures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from eproxy_engine import statistics
from eproxy_engine.search.architecture_search import published
from eproxy_engine.spaces import famous
from eproxy_engine.spaces.famous import FamousNetwork


@dataclass(frozen=True)
class Standing:
    """Place of one famous network."""

    network: FamousNetwork
    rank: int
    """1 for the highest score; equal scores have equal ranks. Diverged evaluations share the last one."""
    of: int
    """Number of evaluated architectures."""
    above: float | None
    """Share of the other architectures, famous ones left out, that score lower, ties counted half; None without any."""
    score: float
    top1: float | None
    """Test error on ImageNet in per cent, from Table 8 of the paper; None if the table lacks the network."""

    @property
    def place(self) -> str:
        """Rank in words, such as ``3rd of 108``."""
        return f"{ordinal(self.rank)} of {self.of:,}"


def standings(space: str, evaluated: pd.DataFrame) -> list[Standing]:
    """Return the places of the famous networks among the evaluated architectures, highest score first.

    Args:
        space: Name of the search space.
        evaluated: Rows of :func:`eproxy_engine.runs.kinds.evaluation.plan.scored`.
    """
    networks = famous.in_space(space)
    scores = evaluated["score"].to_numpy(float)
    is_famous = evaluated["architecture"].isin(networks.keys()).to_numpy(bool)
    others = scores[~is_famous]
    found = [
        Standing(
            network=networks[text],
            rank=1 + int((scores > score).sum()),
            of=len(scores),
            above=_share_below(others, score),
            score=score,
            top1=imagenet_error(networks[text]),
        )
        for text, score in zip(evaluated["architecture"][is_famous], scores[is_famous], strict=True)
    ]
    return sorted(found, key=lambda each: each.rank)


def agreement(found: list[Standing]) -> tuple[float, int]:
    """Return Spearman's ρ of the scores with the known ImageNet accuracies, and the number of networks.

    ρ is nan where undefined. There are few such networks, and they were trained by different people.
    """
    known = [(each.score, -each.top1) for each in found if each.top1 is not None]
    scores, accuracies = np.array(known, dtype=float).reshape(-1, 2).T
    return statistics.spearman(scores, accuracies), len(known)


def imagenet_error(network: FamousNetwork) -> float | None:
    """Return the top-1 test error in per cent in Table 8 of the paper, None if the table lacks the network."""
    if network.table_8 is None:
        return None
    return published.imagenet_row(network.table_8, network.searched_on).top1


def ordinal(number: int) -> str:
    """Write a rank.

    >>> [ordinal(number) for number in (1, 2, 13, 101, 112)]
    ['1st', '2nd', '13th', '101st', '112th']
    """
    teens = number // 10 % 10 == 1
    return f"{number:,}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _share_below(others: np.ndarray, score: float) -> float | None:
    if not others.size:
        return None
    return float(((others < score).sum() + (others == score).sum() / 2) / others.size)
