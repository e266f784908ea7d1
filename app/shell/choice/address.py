"""The choice in the address bar.

A URL comes from anywhere: every part of it is checked, and what cannot be used is reported and left at its default.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from app.shell.choice.architecture_search import ArchitectureSearchChoice, architecture_search_in
from app.shell.choice.choice import DEFAULT_SPECIFICATION, OTHER_PROXY, Choice
from app.shell.choice.comparison import ComparisonChoice, batch_in, proxies_in, seeds_in, width_in
from app.shell.choice.landscape import LandscapeChoice, landscape_in
from app.shell.choice.proxy_search import ProxySearchChoice, changed, changes_in, default_sample, most_held_out
from app.shell.choice.ranking import RankingChoice, ranking_in
from eproxy_engine import benchmarks, images, spaces
from eproxy_engine.baselines import Baseline
from eproxy_engine.documents import read_yaml
from eproxy_engine.errors import UserError, one_of, shown
from eproxy_engine.proxy import Configuration, preset
from eproxy_engine.proxy.presets import DEFAULT
from eproxy_engine.proxy.reading import whole
from eproxy_engine.runs import EvaluationSpecification
from eproxy_engine.sampling import ANYWHERE, FAMOUS, RULES, Sample
from eproxy_engine.scoring import Proxy
from eproxy_engine.scoring.proxy import with_others
from eproxy_engine.search.proxy_search.settings import DEFAULT as DEFAULT_SETTINGS
from eproxy_engine.search.proxy_search.settings import settings

T = TypeVar("T")
RUN_ID = re.compile("[0-9A-Za-z]{1,32}")
MOST_ANYWHERE = 5000
"""Architectures of the whole space in one sample: each of them has to be built to be counted."""


def from_query(query: Mapping[str, str], repeated: Callable[[str], list[str]]) -> tuple[Choice, list[str]]:
    """The choice that a URL describes, and a line for each part of it that cannot be used.

    ``repeated``: the values of a parameter that may be there several times.
    """
    problems: list[str] = []
    default = DEFAULT_SPECIFICATION

    def tell(name: str, error: UserError) -> None:
        problems.append(f"{name} in the address: {error}")

    def read(name: str, convert: Callable[[str], T], otherwise: T) -> T:
        if name not in query:
            return otherwise
        try:
            return convert(query[name])
        except UserError as error:
            tell(name, error)
            return otherwise

    space = read("space", lambda text: spaces.get(text).name, default.space)
    task = read("task", lambda text: benchmarks.task(space, text).name, benchmarks.task(space).name)

    def read_sample(prefix: str, usual: Sample) -> Sample:
        rule = read(f"{prefix}rule", lambda text: _rule(space, text), usual.rule)
        size = read(f"{prefix}n", lambda text: _whole(text, 0 if rule == FAMOUS else 1), usual.size)
        draw = read(f"{prefix}draw", lambda text: _whole(text, 0), usual.seed)
        picked = tuple(repeated(f"{prefix}picked")) if rule == "picked" else ()
        sample = Sample(rule, size, draw, picked)
        if sample == usual:
            return usual
        try:
            if rule in (ANYWHERE, FAMOUS):
                whole(str(size), 0, MOST_ANYWHERE, "number of architectures")
            sample.draw(space, task)
        except UserError as error:
            tell(f"{prefix}sample", error)
            return usual
        return sample

    sample = read_sample("", Sample.default(space, task, default.sample.size))
    name = read("preset", _preset, DEFAULT)
    eproxy = read("config", lambda text: _changed(name, text), preset(name))
    first = read(f"{OTHER_PROXY}proxy", lambda text: _baseline(query, text), None) or eproxy
    source = read("images", _source, default.images)
    seed = read("seed", lambda text: _whole(text, 0), default.seed)
    architecture = read("arch", lambda text: str(spaces.get(space).parse(text)), None)
    alone: Proxy = first
    proxy = read("ensemble", lambda text: with_others(first, read_yaml(text)), alone)
    specification = EvaluationSpecification(space, task, sample, proxy, source, seed)
    start = read("dps-preset", _settings, DEFAULT_SETTINGS)
    search = ProxySearchChoice(
        sample=read_sample("dps-", default_sample(space, task)),
        preset=start,
        settings=read("dps", lambda text: changed(start, text), settings(start)),
        held_out=read("held-out", lambda text: _whole(text, 0), most_held_out(space, task)),
    )
    landscape = read("landscape", landscape_in, LandscapeChoice())
    architecture_search = read("nas", architecture_search_in, ArchitectureSearchChoice())
    compared = ComparisonChoice(
        proxies=read("compare", lambda text: proxies_in(text, partial(tell, "compare")), ComparisonChoice.proxies),
        batch=read("compare-batch", batch_in, ComparisonChoice.batch),
        width=read("compare-width", width_in, ComparisonChoice.width),
        seeds=read("compare-seeds", seeds_in, ComparisonChoice.seeds),
    )
    ranking = read("rank", ranking_in, RankingChoice())
    step, run = read("step", lambda text: _whole(text, 1), 1), query.get("run")
    teaching = read("teach", _switch, False)
    return Choice(
        specification=specification,
        preset=name,
        found_by=read("from", _run_id, None),
        run=run,
        architecture=architecture,
        eproxy=eproxy,
        comparison=compared,
        landscape=landscape,
        proxy_search=search,
        architecture_search=architecture_search,
        ranking=ranking,
        lesson_step=step,
        reference=query.get("reference"),
        lesson_teaching=teaching,
    ), problems


def _rule(space: str, text: str) -> str:
    accepted = [*RULES, *benchmarks.subsets(space)]
    if text not in accepted:
        raise UserError(one_of(text, accepted, "sampling rule"))
    return text


def _switch(text: str) -> bool:
    if text not in ("on", "off"):
        raise UserError(one_of(text, ["on", "off"], "switch"))
    return text == "on"


def _whole(text: str, low: int) -> int:
    return whole(text, low, 2**31 - 1, "number")


def _run_id(text: str) -> str:
    if not RUN_ID.fullmatch(text):
        raise UserError(f"{shown(text, 40)} is no name of a run; accepted: up to 32 letters and digits")
    return text


def _preset(text: str) -> str:
    preset(text)
    return text


def _changed(name: str, text: str) -> Configuration:
    return Configuration.from_dict({**preset(name).as_dict(), **changes_in(text, "configuration keys")})


def _baseline(query: Mapping[str, str], name: str) -> Baseline:
    chosen = Baseline(name).checked()
    for key in ("batch", "width"):
        if OTHER_PROXY + key in query:
            chosen = chosen.replace(key, query[OTHER_PROXY + key])
    return chosen


def _settings(text: str) -> str:
    settings(text)
    return text


def _source(text: str) -> str:
    images.parse_source(text)
    return text
