"""A proxy search or an architecture search as an Optuna study, for Optuna's dashboard and plots."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eproxy_engine import spaces
from eproxy_engine.errors import UserError
from eproxy_engine.foreign import reason
from eproxy_engine.proxy import Configuration
from eproxy_engine.runs.kinds.architecture_search.specification import ArchitectureSearchSpecification
from eproxy_engine.runs.kinds.proxy_search.specification import ProxySearchSpecification
from eproxy_engine.runs.store import Run, Store
from eproxy_engine.search.proxy_search.proxy_space import components

Plain = None | bool | int | float | str


@dataclass(frozen=True)
class Tried:
    """A trial of a search."""

    parameters: dict[str, Plain]
    value: float | None
    """What the search maximises; None if it was not found out, which Optuna calls pruned."""
    attributes: dict[str, Any] = field(default_factory=dict)


def add_study(store: Store, run_id: str, path: str) -> str:
    """Add the trials of a run to an SQLite file of Optuna, which is created if it is missing.

    A parameter is a component of the proxy configuration, or a choice that makes up the architecture; those that a
    trial does not have are missing there. The value is ρ on the sample, or the accuracy.

    Args:
        store: The store.
        run_id: ID of the run.
        path: Path of the file.

    Returns:
        The study's name, which is that of the run.

    Raises:
        UserError: If the run is unknown or no search, or the file cannot be used.
    """
    run = store.run(run_id)
    tried = trials(run, store.history(run_id))
    if not tried:
        raise UserError(f"run {run_id} has tried nothing yet; accepted: a search with at least one trial")
    try:
        return _write(run, tried, Path(path).absolute())
    except Exception as error:  # SQLAlchemy's own, which are many
        raise UserError(
            f"the file {path!r} cannot be used: {reason(error)}; accepted: a new one, or an SQLite file of Optuna "
            "without a study of this run"
        ) from error


def trials(run: Run, history: Iterable[dict[str, Any]]) -> list[Tried]:
    """Return the trials of a search. ``history``: those of the store. Raises UserError for other kinds of runs."""
    given = run.specification
    if isinstance(given, ProxySearchSpecification):
        return [_configuration(trial) for trial in history]
    if isinstance(given, ArchitectureSearchSpecification):
        return [_architecture(given.space, trial) for trial in history]
    raise UserError(f"run {run.id} is of kind {run.kind!r}, which tries nothing; accepted: dps or search")


def _configuration(trial: dict[str, Any]) -> Tried:
    found = components(Configuration.from_dict(trial["configuration"]))
    parameters = {
        name: value if isinstance(value, Plain) else "+".join(map(str, value)) for name, value in found.items()
    }
    rest = {name: trial[name] for name in ("parent", "evaluated", "diverged", "reused")}
    if not trial["scores"]:
        return Tried(parameters, None, {**rest, "rho at most": trial["rho"]})
    return Tried(parameters, trial["rho"], rest)


def _architecture(space: str, trial: dict[str, Any]) -> Tried:
    family = spaces.get(space)
    choices = family.decisions(family.parse(trial["architecture"]))
    names = ("architecture", "parent", "parameters", "flops", "scores", "query")
    return Tried(
        {f"choice {place:02d}": choice for place, choice in enumerate(choices, 1)},
        trial["accuracy"] if trial["query"] is not None else None,
        {name: trial[name] for name in names},
    )


def _write(run: Run, tried: list[Tried], path: Path) -> str:
    import optuna
    from optuna.distributions import CategoricalDistribution
    from optuna.trial import TrialState, create_trial

    options: dict[str, dict[Plain, None]] = {}
    for trial in tried:
        for name, value in trial.parameters.items():
            options.setdefault(name, {})[value] = None
    distributions = {name: CategoricalDistribution(list(values)) for name, values in options.items()}
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        study = optuna.create_study(
            storage=f"sqlite:///{path}", study_name=f"{run.kind} {run.id}", direction="maximize"
        )
    finally:
        optuna.logging.set_verbosity(before)
    study.set_user_attr("title", run.specification.title)
    study.set_user_attr("specification", json.dumps(run.specification.as_dict()))
    study.add_trials(
        [
            create_trial(
                state=TrialState.PRUNED if trial.value is None else TrialState.COMPLETE,
                value=trial.value,
                params=trial.parameters,
                distributions={name: distributions[name] for name in trial.parameters},
                user_attrs=trial.attributes,
            )
            for trial in tried
        ]
    )
    return study.study_name
