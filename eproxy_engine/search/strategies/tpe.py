"""Optuna's tree-structured Parzen estimator (Bergstra et al. 2011; multivariate, Falkner et al. 2018)."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from eproxy_engine.search.strategies.candidate import Candidate, Strategy, T

FAILED = -1.0
"""Value reported to Optuna for a fitness that is not finite: the worst possible correlation."""
DIGITS = 9
"""Decimals to which Optuna's acquisition function, a logarithm, is rounded."""


T_co = TypeVar("T_co", covariant=True)


class Composed(Protocol[T_co]):
    """A domain whose points consist of named components."""

    def compose(self, choose: Callable[[str, tuple[Any, ...]], Any]) -> T_co:
        """Compose a point; ``choose`` picks one of the options of each named component."""


def tpe(domain: Composed[T], startup: int, budget: int, seed: int) -> Strategy[T]:
    """Yield ``startup`` random candidates, then suggested ones one by one, ``budget`` candidates in all.

    The next candidate may be requested before earlier ones are judged, by sending the fitness of those that are, in
    order. Those that are not count as bad ones (constant liar, Ginsbourger et al. 2010), so that it asks for others.

    Args:
        domain: A domain with named components.
        startup: Number of random candidates.
        budget: Number of all candidates.
        seed: Seed of Optuna's sampler.
    """
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = _sampler(n_startup_trials=startup, seed=seed, multivariate=True, constant_liar=True)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    trials, told = [study.ask() for _ in range(startup)], 0
    fitness = yield [Candidate(_suggested(domain, trial)) for trial in trials]
    for _ in range(budget - startup):
        _tell(study, trials[told : len(fitness)], fitness[told:])
        told = len(fitness)
        trials.append(study.ask())
        fitness = yield [Candidate(_suggested(domain, trials[-1]))]


def _sampler(**settings: Any) -> Any:
    """Make Optuna's sampler with a rounded acquisition function.

    Of equally promising candidates it takes the first on every machine, whatever the rounding of the last digit, so an
    imported search can be replayed elsewhere.
    """
    import numpy as np
    import optuna

    class Rounding(optuna.samplers.TPESampler):
        def _compute_acquisition_func(self, *given: Any) -> Any:
            return np.round(super()._compute_acquisition_func(*given), DIGITS)

    return Rounding(**settings)


def _suggested(domain: Composed[T], trial: Any) -> T:
    def choose(name: str, options: tuple[Any, ...]) -> Any:
        """Choose an option by its JSON, because Optuna stores only numbers and words."""
        texts = {json.dumps(option): option for option in options}
        return texts[trial.suggest_categorical(name, list(texts))]

    return domain.compose(choose)


def _tell(study: Any, trials: list[Any], fitness: Sequence[float]) -> None:
    for trial, value in zip(trials, fitness, strict=True):
        study.tell(trial, value if math.isfinite(value) else FAILED)
