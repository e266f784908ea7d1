"""The choice that shows a run with everything that it was launched with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.shell.choice.architecture_search import ArchitectureSearchChoice
from app.shell.choice.choice import Choice, with_space, with_specification, with_task
from app.shell.choice.comparison import TUNED, ComparisonChoice
from app.shell.choice.landscape import LandscapeChoice
from app.shell.choice.proxy_search import ProxySearchChoice
from app.shell.choice.ranking import RankingChoice
from eproxy_engine.proxy import PRESETS, Configuration, preset
from eproxy_engine.runs import (
    ArchitectureSearchSpecification,
    ComparisonSpecification,
    EvaluationSpecification,
    LandscapeSpecification,
    ProxySearchSpecification,
    RankingSpecification,
    Run,
)
from eproxy_engine.scoring import Proxy
from eproxy_engine.search.proxy_search.settings import SETTINGS


def with_run(choice: Choice, run: Run) -> Choice:
    """Return the choice with everything that a run was launched with."""
    given = run.specification
    moved = choice if choice.specification.space == given.space else with_space(choice, given.space)
    moved = moved if moved.specification.task == given.task else with_task(moved, given.task)
    moved = with_specification(moved, images=given.images, seed=given.seed)
    return OPENED[run.kind](replace(moved, run=run.id, architecture=None), given)


def _evaluation(choice: Choice, given: EvaluationSpecification) -> Choice:
    return _started_from(replace(choice, specification=given), given.proxy)


def _started_from(choice: Choice, proxy: Proxy) -> Choice:
    """Name the preset that a proxy is, at any width; none is as good as another if it is none."""
    known = {name: preset(name) for name in PRESETS}
    alike = [name for name, each in known.items() if _at_width_of(each, proxy) == each]
    start = next((name for name in alike if known[name] == proxy), (*alike, choice.preset)[0])
    return replace(choice, preset=start, found_by=None)


def _at_width_of(known: Configuration, proxy: Proxy) -> Proxy:
    return replace(proxy, width=known.width) if isinstance(proxy, Configuration) else proxy


def _comparison(choice: Choice, given: ComparisonSpecification) -> Choice:
    return replace(with_specification(choice, sample=given.sample), comparison=ComparisonChoice.of(given))


def _landscape(choice: Choice, given: LandscapeSpecification) -> Choice:
    shown = with_specification(choice, sample=given.sample, proxy=given.configuration)
    return _started_from(replace(shown, landscape=LandscapeChoice.of(given)), given.configuration)


def _architecture_search(choice: Choice, given: ArchitectureSearchSpecification) -> Choice:
    """A proxy that has no name becomes the tuned one."""
    architecture_search = ArchitectureSearchChoice.of(given, choice.architecture_search)
    if given.settings.needs_proxy and architecture_search.proxy == TUNED:
        choice = with_specification(choice, proxy=given.proxy)
    return replace(with_specification(choice, seed=given.proxy_seed), architecture_search=architecture_search)


def _proxy_search(choice: Choice, given: ProxySearchSpecification) -> Choice:
    preset = next((name for name, known in SETTINGS.items() if known == given.settings), choice.proxy_search.preset)
    return replace(choice, proxy_search=ProxySearchChoice(given.sample, preset, given.settings, given.held_out))


def _ranking(choice: Choice, given: RankingSpecification) -> Choice:
    return replace(with_specification(choice, sample=given.sample), ranking=RankingChoice.of(given))


OPENED: dict[str, Callable[[Choice, Any], Choice]] = {
    EvaluationSpecification.kind: _evaluation,
    ComparisonSpecification.kind: _comparison,
    LandscapeSpecification.kind: _landscape,
    ArchitectureSearchSpecification.kind: _architecture_search,
    ProxySearchSpecification.kind: _proxy_search,
    RankingSpecification.kind: _ranking,
}
