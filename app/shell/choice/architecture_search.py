"""What a session has chosen for architecture searches, and its form in the URL."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from functools import lru_cache
from typing import Any

from app.shell.choice.comparison import TUNED
from eproxy_engine.baselines import Baseline
from eproxy_engine.documents import read_yaml
from eproxy_engine.errors import UserError
from eproxy_engine.fields import changed, known_keys, short_json
from eproxy_engine.proxy.presets import DEFAULT
from eproxy_engine.runs import ArchitectureSearchSpecification
from eproxy_engine.runs.specification import check_seed, sample_of
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring import Proxy
from eproxy_engine.scoring.named import named, names
from eproxy_engine.search.architecture_search.constraints import Constraints
from eproxy_engine.search.architecture_search.settings import BY_ACCURACY, LEARNED, ArchitectureSearchSettings

MOST_SEEDS = 20
FREE = "proxy-evolution"
"""The strategy that takes all settings; those of the others are made of its."""
MODELLED = tuple(strategy for strategy in LEARNED if strategy != "mcts")
"""Strategies that learn from several queries at a time."""
USED = {
    "population": ("evolution", FREE, "seeded-evolution"),
    "tournament": ("evolution", FREE, "seeded-evolution"),
    "cycles": (FREE,),
    "in_flight": (FREE,),
    "neighbours": (FREE,),
    "pool": ("seeded-evolution", "bayesian"),
    "first": MODELLED,
    "batch": MODELLED,
    "acquisition": ("bayesian",),
    "panel": ("bayesian",),
    "compute": ("bayesian",),
    "labels_from": (FREE, "seeded-evolution"),
}
"""The strategies that each number means something to."""
START = ArchitectureSearchSettings(FREE, queries=200)


@dataclass(frozen=True)
class ArchitectureSearchChoice:
    """Space, task, images and the proxy's seed are those of the session's specification. Raises UserError."""

    strategies: tuple[str, ...] = ("bayesian", "evolution", "random")
    """One run each."""
    settings: ArchitectureSearchSettings = START
    """Of :data:`FREE`."""
    seeds: int = 5
    """How many, counted from ``first_seed``."""
    first_seed: int = 1
    proxy: str = f"eproxy_{DEFAULT}"
    """A name of :func:`eproxy_engine.scoring.named.named`, :data:`TUNED`, or `run:` and an id."""
    spent: Sample | None = None
    """What designed a proxy that no run tells it of."""
    shown: tuple[str, ...] | None = None
    """Ids of the runs that are looked at; None: what is shown at first."""

    def __post_init__(self) -> None:
        for strategy in self.strategies:
            replace(ArchitectureSearchSettings(), strategy=strategy)
        if not isinstance(self.seeds, int) or isinstance(self.seeds, bool) or not 1 <= self.seeds <= MOST_SEEDS:
            raise UserError(f"seeds is {self.seeds!r}; accepted: a whole number from 1 to {MOST_SEEDS}")
        check_seed("first_seed", self.first_seed)

    @classmethod
    def of(cls, given: ArchitectureSearchSpecification, before: ArchitectureSearchChoice) -> ArchitectureSearchChoice:
        """What leads to a run again; a proxy without a name counts as the tuned one."""
        proxy, settings = before.proxy, replace(given.settings, strategy=FREE)
        if given.settings.needs_proxy:
            proxy = name_of(given.proxy) or TUNED
        return cls(
            (given.settings.strategy,), settings, min(len(given.seeds), MOST_SEEDS), given.seed, proxy, given.spent
        )

    def moved(self, space_too: bool) -> ArchitectureSearchChoice:
        """On another task or, with ``space_too``, space: without what belongs to the one before."""
        settings = replace(self.settings, constraints=Constraints()) if space_too else self.settings
        return replace(self, settings=settings, spent=None, shown=None)

    def effective(self, measured: int) -> ArchitectureSearchChoice:
        """What it means where the accuracy of so many architectures is known: where of none, nothing can be asked."""
        if measured:
            queries = min(self.settings.queries, measured)
            return replace(self, settings=replace(self.settings, queries=queries))
        return replace(self, strategies=(FREE,), settings=replace(self.settings, queries=0, measured=False))

    def settings_of(self, strategy: str) -> ArchitectureSearchSettings:
        """Settings with that strategy; what it does not use is at its default. Raises UserError."""
        unused = {name: getattr(START, name) for name, users in USED.items() if strategy not in users}
        if strategy in USED["labels_from"] and self.settings.labels_from:
            del unused["panel"]
        if strategy == "bayesian" and not self.settings.compute:
            unused["pool"] = START.pool
        measured = self.settings.measured or strategy in BY_ACCURACY
        return replace(self.settings, strategy=strategy, measured=measured, **unused)

    def to_query(self) -> dict[str, Any]:
        """Parameters of the URL; what is at its default is left out."""
        default = ArchitectureSearchChoice()
        plain = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "settings"}
        changes = {name: value for name, value in plain.items() if value != getattr(default, name)}
        if self.spent is not None:
            changes["spent"] = asdict(self.spent)
        settings = changed(self.settings, START)
        changes |= {"settings": settings} if settings else {}
        return {"nas": short_json(changes)} if changes else {}


def architecture_search_in(text: str) -> ArchitectureSearchChoice:
    """The choice in a part of the URL. Raises UserError."""
    values = dict(known_keys(ArchitectureSearchChoice, read_yaml(text), "search"))
    for name in ("strategies", "shown"):
        if values.get(name) is not None:
            values[name] = _texts(name, values[name])
    settings = values.get("settings", {})
    if not isinstance(settings, dict):
        raise UserError(f"settings is {settings!r}; accepted: a mapping")
    values["settings"] = ArchitectureSearchSettings.from_dict({**START.as_dict(), **settings, "strategy": FREE})
    if not isinstance(values.get("proxy", ""), str):
        raise UserError(f"proxy is {values['proxy']!r}; accepted: a name")
    try:
        values["spent"] = sample_of(values["spent"]) if values.get("spent") else None
    except (KeyError, TypeError) as error:
        raise UserError(f"spent is {values['spent']!r}; accepted: a sample") from error
    return ArchitectureSearchChoice(**values)


def name_of(proxy: Proxy) -> str | None:
    """The name under which it can be chosen; None where it has none."""
    if isinstance(proxy, Baseline) and proxy.tabulated:
        return proxy.name
    return _name_among(proxy, tuple(names()))


@lru_cache(maxsize=200)
def _name_among(proxy: Proxy, offered: tuple[str, ...]) -> str | None:
    return next((each.name for each in map(named, offered) if each.proxy == proxy), None)


def _texts(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise UserError(f"{name} is {value!r}; accepted: a list of names")
    return tuple(dict.fromkeys(value))
