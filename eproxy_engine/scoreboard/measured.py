"""Measurements of this installation: its finished runs, matched to the cells of the scoreboard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from eproxy_engine import spaces
from eproxy_engine.proxy import Configuration, preset
from eproxy_engine.proxy.presets import DEFAULT
from eproxy_engine.runs import (
    ComparisonSpecification,
    EvaluationSpecification,
    ProxySearchSpecification,
    Run,
    Specification,
)
from eproxy_engine.runs.command_line import command, transfer_command
from eproxy_engine.runs.kinds.proxy_search.plan import proxy_in
from eproxy_engine.runs.specification import SampledSpecification
from eproxy_engine.runs.store import ACTIVE
from eproxy_engine.scoreboard import learned
from eproxy_engine.scoreboard.published import Cell
from eproxy_engine.scoreboard.recipes import PAPERS_TWENTY, SEARCHED
from eproxy_engine.scoreboard.shipped import Figure, Study, figures
from eproxy_engine.scoring import Member, Proxy, first_of
from eproxy_engine.scoring.named import NamedProxy
from eproxy_engine.scoring.proxy import with_members

ESTIMATES = ("rho", "rho_low", "rho_high", "top10", "top10_low", "top10_high")
Key = tuple[str, str, Proxy | None]
"""Space, task, and the proxy in standard form; None for the proxy that a search finds."""


@dataclass(frozen=True)
class Measurement:
    """Result of a run for one cell."""

    estimates: Mapping[str, Any]
    """Values of :data:`ESTIMATES`; None where undefined."""
    n: int
    seed_rhos: tuple[tuple[int, float], ...]
    """Seed and ρ of each measurement on ``n`` architectures; the first is the one shown."""
    width: int
    """Stem channels of the networks; 0 where none was built."""
    images: str
    command: str
    run: str | None = None
    created: float = 0.0
    found_on: str = ""
    """Space and task of the search that found the proxy, if they differ from the cell's."""
    spread: float | None = None
    """Standard deviation of ρ over draws of the labels, for a learned ranking."""
    study: Study | None = None
    """What a result that ships is part of; None for a run's."""
    others: tuple[Figure, ...] = ()
    """What ships of the same cell at other widths."""

    @property
    def rho(self) -> float | None:
        """Spearman's ρ."""
        return self.estimates["rho"]


class Measured:
    """Measurements in a list of runs; of several for a cell, the one on most architectures, then the newest."""

    def __init__(self, runs: list[Run]) -> None:
        """``runs``: of any kind and status."""
        self._runs = runs
        self._by_key: defaultdict[Key, list[Measurement]] = defaultdict(list)
        self._coming: dict[Key, str] = {}
        searches = [
            run for run in runs if isinstance(run.specification, ProxySearchSpecification) and proxy_in(run.result)
        ]
        for run in runs:
            if run.status == "finished" and run.result:
                for key, measurement in _measurements(run, run.result, searches):
                    self._by_key[key].append(measurement)
            elif run.status in ACTIVE:
                self._coming |= dict.fromkeys(_keys(run.specification, searches), run.id)

    def of(self, space: str, task: str, proxy: NamedProxy | None) -> Measurement | None:
        """Return the measurement of a proxy on a task; None if there is none.

        ``proxy``: None for the proxy found by a search on the task or, failing that, on another.
        """
        return self._best(self._by_key.get(_key(space, task, proxy), []))

    def of_any_width(self, space: str, task: str, proxy: NamedProxy) -> Measurement | None:
        """Return the measurement of a configuration on the widest networks; None if there is none."""
        wanted, width = _standard(space, proxy.proxy), first_of(proxy.proxy).width
        found: defaultdict[int, list[Measurement]] = defaultdict(list)
        for (*where, its), measurements in self._by_key.items():
            if where != [space, task] or not isinstance(its, Configuration):
                continue
            if _standard(space, replace(its, width=width)) == wanted:
                found[measurements[0].width] += measurements
        return self._best(found[max(found)]) if found else None

    @staticmethod
    def _best(found: list[Measurement]) -> Measurement | None:
        """Of several measurements of a cell, return the one on most architectures, then the newest."""
        own = [each for each in found if not each.found_on] or found
        if not own:
            return None
        best = max(own, key=lambda each: (each.n, each.created))
        alike = sorted((each for each in own if each.n == best.n), key=lambda each: each.created)
        rhos = {seed: rho for each in [*alike, best] for seed, rho in each.seed_rhos}
        shown = dict(best.seed_rhos) | rhos
        return replace(best, seed_rhos=tuple(shown.items()))

    def coming(self, space: str, task: str, proxy: NamedProxy | None) -> str | None:
        """Return the ID of the active run that measures a proxy on a task; None if there is none."""
        return self._coming.get(_key(space, task, proxy))

    def learned(self, space: str, task: str) -> Measurement | None:
        """Return the measurement of the learned ranking by twenty labels; None if there is none."""
        found = learned.result_of(space, task, self._runs)
        if found is None:
            return None
        result, run = found
        estimates = dict.fromkeys(ESTIMATES) | {name: result[name]["mean"] for name in ("rho", "top10")}
        given = learned.specification(space, task)
        return Measurement(
            estimates=estimates,
            n=result["n"],
            seed_rhos=((given.seed, result["rho"]["mean"]),),
            width=0,
            images=given.images,
            command=command(given),
            run=None if run is None else run.id,
            spread=result["rho"]["sd"],
        )


def shipped(cell: Cell) -> Measurement | None:
    """Return the result of a cell that ships with the product; None if there is none."""
    if not (found := figures(cell)):
        return None
    first, *others = found
    rho = first.estimates["rho"]
    return Measurement(
        estimates=dict.fromkeys(ESTIMATES) | dict(first.estimates),
        n=first.n,
        seed_rhos=() if first.seed is None else ((first.seed, rho),),
        width=first.width,
        images="bundled",
        command=first.command,
        found_on=first.found_on,
        study=first.study,
        others=tuple(others),
    )


def _key(space: str, task: str, proxy: NamedProxy | None) -> Key:
    return space, task, None if proxy is None else _standard(space, proxy.proxy)


def _standard(space: str, proxy: Proxy) -> Proxy:
    """Return the proxy in canonical form with widths as numbers, equal for all that compute the same."""

    def one(given: Member) -> Member:
        return replace(given.canonical(), width=spaces.get(space).stem_channels(given.width))

    return with_members(proxy, one)


def _keys(specification: Specification, searches: list[Run]) -> list[Key]:
    """List the keys that a run measures, in the order of its results; none unless its sample represents the space."""
    if not (specification.images == "bundled" or specification.images.startswith("cifar10")):
        return []
    space, task = specification.space, specification.task
    if isinstance(specification, ProxySearchSpecification):
        return [(space, task, None)] if specification.held_out and _searched(specification) <= SEARCHED else []
    if not isinstance(specification, SampledSpecification) or not _at_random(specification, searches):
        return []
    if isinstance(specification, EvaluationSpecification):
        return [(space, task, _standard(space, specification.proxy))]
    if isinstance(specification, ComparisonSpecification):
        return [_key(space, task, proxy) for proxy in specification.proxies]
    return []


def _searched(specification: ProxySearchSpecification) -> int:
    """Count the architectures whose accuracy the search knew."""
    sample = specification.sample
    return SEARCHED if sample.rule == PAPERS_TWENTY[1] else len(sample.picked) or sample.size


def _at_random(specification: SampledSpecification, searches: list[Run]) -> bool:
    """Return whether the architectures were drawn at random, as is the list that judges a search."""
    sample = specification.sample
    if sample.rule != "picked":
        return sample.rule == "random"
    place = specification.space, specification.task, len(sample.picked)
    return any(_judging(run.specification, *place) == sample.picked for run in searches)


@lru_cache(maxsize=200)
def _judging(search: ProxySearchSpecification, space: str, task: str, count: int) -> tuple[str, ...]:
    return search.transfer(space, task, count, preset(DEFAULT)).sample.picked


def _measurements(run: Run, result: dict[str, Any], searches: list[Run]) -> Iterator[tuple[Key, Measurement]]:
    given = run.specification
    keys = _keys(given, searches)
    if isinstance(given, ProxySearchSpecification):
        for key in keys if result.get("judged") else []:
            yield key, _one(run, result, given.settings.width)
            default = _standard(given.space, preset(DEFAULT))
            yield (given.space, given.task, default), _one(run, result["judged"]["default"], preset(DEFAULT).width)
    elif isinstance(given, EvaluationSpecification):
        for key in keys:
            yield key, _one(run, result, first_of(given.proxy).width)
            yield from _transferred(run, given, result, searches)
    elif isinstance(given, ComparisonSpecification):
        rows = {row["name"]: row for row in result["proxies"]}
        for key, proxy in zip(keys, given.proxies, strict=False):
            if proxy.name in rows:
                yield (
                    key,
                    _one(run, rows[proxy.name], first_of(proxy.proxy).width, replace(given, proxies=(proxy,))),
                )


def _transferred(
    run: Run, given: EvaluationSpecification, result: dict[str, Any], searches: list[Run]
) -> Iterator[tuple[Key, Measurement]]:
    """Yield the run as a measurement of a proxy that a search on another task found without its architectures."""
    for search in searches:
        proxy, home = proxy_in(search.result), search.specification
        same_place = (home.space, home.task) == (given.space, given.task)
        might_know = home.space == given.space and given.sample.rule != "picked"
        if proxy is None or same_place or might_know:
            continue
        if _standard(given.space, proxy) == _standard(given.space, given.proxy):
            measured = _one(run, result, first_of(given.proxy).width)
            line = transfer_command(search.id, given.space, given.task, result["n"])
            yield (
                (given.space, given.task, None),
                replace(measured, command=line, found_on=f"{home.space_title}, {home.task}"),
            )


def _one(run: Run, values: dict[str, Any], width: int | str, again: Specification | None = None) -> Measurement:
    """Make a measurement; ``again``: the part of the run's specification that reproduces it, if not all."""
    given = again or run.specification
    rhos = values.get("seed_rhos") or ([] if values["rho"] is None else [values["rho"]])
    return Measurement(
        estimates={name: values.get(name) for name in ESTIMATES},
        n=values["n"],
        seed_rhos=tuple(zip(given.seeds, rhos, strict=True)) if len(given.seeds) == len(rhos) else (),
        width=spaces.get(given.space).stem_channels(width),
        images=given.images,
        command=command(given),
        run=run.id,
        created=run.created,
    )
