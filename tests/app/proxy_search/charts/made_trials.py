"""Trials for the tests of a search's charts: made up, but of real configurations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from eproxy_engine.proxy import Branch, Configuration
from eproxy_engine.search.proxy_search.search import Trial
from eproxy_engine.search.proxy_search.settings import settings

SPACE = settings("paper").space()


def trial(rho: float, configuration: Configuration | None = None, parent: int | None = None, **given: Any) -> Trial:
    """One that was evaluated in full on twenty architectures; ``given``: fields of a Trial that differ."""
    scores = tuple(float(score) for score in range(20))
    made = Trial(configuration or Configuration(), parent, rho, 20, 0, scores, False)
    return replace(made, **given)


def cut_short(rho: float, configuration: Configuration | None = None, parent: int | None = None) -> Trial:
    """One that racing ended after six architectures."""
    return trial(rho, configuration, parent, evaluated=6, scores=())


def one_branch(**given: Any) -> Configuration:
    """The default configuration, its branch as given."""
    return Configuration((Branch(**given),))


def random_trials(n: int, rho: Callable[[Configuration, np.random.Generator], float], seed: int = 0) -> list[Trial]:
    """``n`` random configurations of the paper's proxy search space, with the ``rho`` of each."""
    rng = np.random.default_rng(seed)
    drawn = [SPACE.sample(rng) for _ in range(n)]
    return [trial(rho(configuration, rng), configuration) for configuration in drawn]
