"""What sets the settings of a run apart from those of the controls, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.shell.choice import Choice
from app.shell.choice.proxy_search import ProxySearchChoice
from eproxy_engine import benchmarks, spaces
from eproxy_engine.fields import Part, Parts, Settings, table
from eproxy_engine.proxy import Configuration
from eproxy_engine.sampling import RULES, Sample
from eproxy_engine.scoring import Proxy
from eproxy_engine.scoring.proxy import title_of

MOST = 3
"""Differences that are named; the others are counted."""


def differences(run: Choice, controls: Choice) -> str:
    """Say in words what the choice that shows a run has and the controls have not; empty if that cannot be named."""
    found = list(dict.fromkeys(_differences(run, controls)))
    more = [f"{len(found) - MOST} more"] if len(found) > MOST else []
    return ", ".join(found[:MOST] + more)


def _differences(run: Choice, controls: Choice) -> Iterator[str]:
    its, wanted = run.specification, controls.specification
    if its.space != wanted.space:
        yield spaces.get(its.space).title
    elif its.task != wanted.task:
        yield benchmarks.task(its.space, its.task).title
    yield from _sample(its.sample, wanted.sample)
    yield from _proxy(its.proxy, wanted.proxy)
    if its.proxy == wanted.proxy:
        yield from _settings(run.eproxy, controls.eproxy)
    if its.images != wanted.images:
        yield f"images {its.images}"
    if its.seed != wanted.seed:
        yield f"seed {its.seed}"
    if run.comparison.proxies != controls.comparison.proxies:
        yield f"other proxies ({len(run.comparison.proxies)})"
    for name, what in (("batch", "images for each proxy"), ("width", "stem width"), ("seeds", "seeds")):
        if getattr(run.comparison, name) != getattr(controls.comparison, name):
            yield f"{what}: {getattr(run.comparison, name)}"
    yield from _proxy_search(run.proxy_search, controls.proxy_search)
    yield from _settings(run.landscape, controls.landscape)
    searched, wanted_search = run.architecture_search, controls.architecture_search
    if searched.strategies != wanted_search.strategies:
        yield "other strategies"
    yield from _settings(searched.settings, wanted_search.settings)
    yield from _settings(run.ranking, controls.ranking)


def _sample(its: Sample, wanted: Sample) -> Iterator[str]:
    if its.rule != wanted.rule:
        yield f"architectures {RULES.get(its.rule, its.rule)}"
    elif its.picked != wanted.picked:
        yield "other architectures picked"
    elif its.size != wanted.size:
        yield f"{its.size} architectures"
    elif its.seed != wanted.seed:
        yield f"sample seed {its.seed}"


def _proxy(its: Proxy, wanted: Proxy) -> Iterator[str]:
    if isinstance(its, Configuration) and isinstance(wanted, Configuration):
        yield from _settings(its, wanted)
    elif its != wanted:
        yield title_of(its)


def _proxy_search(its: ProxySearchChoice, wanted: ProxySearchChoice) -> Iterator[str]:
    yield from _sample(its.sample, wanted.sample)
    yield from _settings(its.settings, wanted.settings)
    if its.held_out != wanted.held_out:
        yield f"{its.held_out} held-out architectures"


def _settings(its: Settings, wanted: Settings) -> Iterator[str]:
    """By the labels of their controls."""
    for name, each in table(type(its)).items():
        value, other = getattr(its, name), getattr(wanted, name)
        if value == other:
            continue
        label = each.label.lower()
        if isinstance(each.accepted, Part):
            yield from _settings(value, other)
        elif isinstance(each.accepted, Parts) or not isinstance(value, bool | int | float | str):
            yield f"other {label}"
        else:
            yield f"{label} {_said(value)}"


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return value if isinstance(value, str) else f"{value:g}"
