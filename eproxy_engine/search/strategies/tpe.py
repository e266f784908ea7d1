"""Tree-structured Parzen estimator, from Optuna (Bergstra et al. 2011; multivariate, Falkner et al. 2018)."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from eproxy_engine.search.strategies.candidate import Candidate, Strategy, T

FAILED = -1.0
"""What Optuna is told of a candidate whose fitness is not a number: the worst that a correlation can be."""
DIGITS = 9
"""After the point, to which the logarithm of how promising a candidate is counts."""


T_co = TypeVar("T_co", covariant=True)


class Composed(Protocol[T_co]):
    """A domain that is composed of named components."""

    def compose(self, choose: Callable[[str, tuple[Any, ...]], Any]) -> T_co:
        """The point whose components ``choose`` takes."""


def tpe(domain: Composed[T], startup: int, budget: int, seed: int) -> Strategy[T]:
    """``startup`` random candidates, then up to ``budget`` suggested ones, one after the other."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = _sampler(n_startup_trials=startup, seed=seed, multivariate=True)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    first = [study.ask() for _ in range(startup)]
    _tell(study, first, (yield [Candidate(_suggested(domain, trial)) for trial in first]))
    for _ in range(budget - startup):
        trial = study.ask()
        fitness = yield [Candidate(_suggested(domain, trial))]
        _tell(study, [trial], fitness[-1:])


def _sampler(**settings: Any) -> Any:
    """Optuna's, but of candidates that are equally promising it takes the first on every machine, and not the one to
    which that machine's rounding gives a last digit more: a search whose run is imported is replayed elsewhere."""
    import numpy as np
    import optuna

    class Rounding(optuna.samplers.TPESampler):
        def _compute_acquisition_func(self, *given: Any) -> Any:
            return np.round(super()._compute_acquisition_func(*given), DIGITS)

    return Rounding(**settings)


def _suggested(domain: Composed[T], trial: Any) -> T:
    def choose(name: str, options: tuple[Any, ...]) -> Any:
        """Optuna keeps numbers and words only: options are told apart by their JSON."""
        texts = {json.dumps(option): option for option in options}
        return texts[trial.suggest_categorical(name, list(texts))]

    return domain.compose(choose)


def _tell(study: Any, trials: list[Any], fitness: Sequence[float]) -> None:
    for trial, value in zip(trials, fitness, strict=True):
        study.tell(trial, value if math.isfinite(value) else FAILED)
