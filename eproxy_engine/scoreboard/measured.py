"""What this installation has measured: finished runs, looked through for the cells of the scoreboard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from eproxy_engine import spaces
from eproxy_engine.proxy import preset
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
from eproxy_engine.scoreboard.recipes import PAPERS_TWENTY, SEARCHED
from eproxy_engine.scoring import Member, Proxy, first_of
from eproxy_engine.scoring.named import NamedProxy
from eproxy_engine.scoring.proxy import with_members

ESTIMATES = ("rho", "rho_low", "rho_high", "top10", "top10_low", "top10_high")
Key = tuple[str, str, Proxy | None]
"""Space, task, and the proxy in standard form; None: whatever a search finds."""


@dataclass(frozen=True)
class Measurement:
    """What a run says of a cell."""

    estimates: Mapping[str, Any]
    """What :data:`ESTIMATES` names; None where undefined."""
    n: int
    seed_rhos: tuple[tuple[int, float], ...]
    """Seed and ρ of each that was run on so many architectures; the first is the one shown."""
    width: int
    """Stem channels of the networks; 0 where none was built."""
    images: str
    command: str
    run: str | None = None
    created: float = 0.0
    found_on: str = ""
    """Space and task of the search whose proxy this is, if it is another one's."""

    @property
    def rho(self) -> float | None:
        """Spearman's."""
        return self.estimates["rho"]


class Measured:
    """The measurements in some runs; of several that fit, the one on most architectures, then the newest."""

    def __init__(self, runs: list[Run]) -> None:
        """``runs``: of any kind and status."""
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
        """``proxy``: None for what a search on the task has found, or, failing that, one elsewhere."""
        found = self._by_key.get(_key(space, task, proxy), [])
        own = [each for each in found if not each.found_on] or found
        if not own:
            return None
        best = max(own, key=lambda each: (each.n, each.created))
        alike = sorted((each for each in own if each.n == best.n), key=lambda each: each.created)
        rhos = {seed: rho for each in [*alike, best] for seed, rho in each.seed_rhos}
        shown = dict(best.seed_rhos) | rhos
        return replace(best, seed_rhos=tuple(shown.items()))

    def coming(self, space: str, task: str, proxy: NamedProxy | None) -> str | None:
        """The run that is waiting or at work on it."""
        return self._coming.get(_key(space, task, proxy))


def _key(space: str, task: str, proxy: NamedProxy | None) -> Key:
    return space, task, None if proxy is None else _standard(space, proxy.proxy)


def _standard(space: str, proxy: Proxy) -> Proxy:
    """Equal for what computes the same: canonical, with widths as numbers."""

    def one(given: Member) -> Member:
        return replace(given.canonical(), width=spaces.get(space).stem_channels(given.width))

    return with_members(proxy, one)


def _keys(specification: Specification, searches: list[Run]) -> list[Key]:
    """What it measures, in the order of its results; nothing if it is not on a sample that stands for the space."""
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
    """Architectures whose accuracy the search knew."""
    sample = specification.sample
    return SEARCHED if sample.rule == PAPERS_TWENTY[1] else len(sample.picked) or sample.size


def _at_random(specification: SampledSpecification, searches: list[Run]) -> bool:
    """Whether the architectures were drawn by chance; those that judge a search are, though they come as a list."""
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
    """The sweep as one of a proxy that a search on another task has found, and whose architectures it did not know."""
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
    """``again``: the part of the run's specification that gives it, if not all."""
    given = again or run.specification
    rhos = values.get("seed_rhos") or ([] if values["rho"] is None else [values["rho"]])
    seeds = given.seeds if isinstance(given, ComparisonSpecification) else (given.seed,)
    return Measurement(
        estimates={name: values.get(name) for name in ESTIMATES},
        n=values["n"],
        seed_rhos=tuple(zip(seeds, rhos, strict=True)) if len(seeds) == len(rhos) else (),
        width=spaces.get(given.space).stem_channels(width),
        images=given.images,
        command=command(given),
        run=run.id,
        created=run.created,
    )
