"""What one browser session has chosen, and its form in the URL.

A URL comes from anywhere: every part of it is checked, and what cannot be used is reported and left at its default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

from app.shell.choice.architecture_search import ArchitectureSearchChoice, architecture_search_in
from app.shell.choice.comparison import TUNED, ComparisonChoice, batch_in, proxies_in, seeds_in, width_in
from app.shell.choice.landscape import LandscapeChoice, landscape_in
from app.shell.choice.proxy_search import ProxySearchChoice, changes_in, default_sample, most_held_out
from app.shell.choice.proxy_search import changed as changed_settings
from eproxy_engine import benchmarks, images, spaces
from eproxy_engine.baselines import Baseline
from eproxy_engine.documents import read_yaml
from eproxy_engine.errors import UserError, one_of
from eproxy_engine.fields import changed, short_json
from eproxy_engine.proxy import Configuration, preset
from eproxy_engine.proxy.presets import DEFAULT
from eproxy_engine.proxy.reading import whole
from eproxy_engine.runs import (
    ArchitectureSearchSpecification,
    ComparisonSpecification,
    EvaluationSpecification,
    LandscapeSpecification,
    ProxySearchSpecification,
    Run,
)
from eproxy_engine.sampling import ANYWHERE, DEFAULT_SIZE, RULES, Sample
from eproxy_engine.scoring import Proxy, first_of
from eproxy_engine.scoring.proxy import plain_values, with_others
from eproxy_engine.search.proxy_search.settings import DEFAULT as DEFAULT_SETTINGS
from eproxy_engine.search.proxy_search.settings import SETTINGS, settings

T = TypeVar("T")
MOST_ANYWHERE = 5000
"""Architectures of the whole space in one sample: each of them has to be built to be counted."""
PREFIX = "other-"
"""Of the parameters of a proxy other than Eproxy."""

DEFAULT_SPECIFICATION = EvaluationSpecification("nasbench201", "cifar10", Sample("random", 100, 1), preset(DEFAULT))


@dataclass(frozen=True)
class Choice:
    """The specification that the controls show, the run and the architecture that are looked at."""

    specification: EvaluationSpecification = field(default_factory=lambda: DEFAULT_SPECIFICATION)
    preset: str = DEFAULT
    """The preset that the configuration started from."""
    run: str | None = None
    architecture: str | None = None
    eproxy: Configuration = field(default_factory=lambda: preset(DEFAULT))
    """That of the specification or, while another proxy is chosen, the last one, to come back to."""
    comparison: ComparisonChoice = field(default_factory=ComparisonChoice)
    """What the Correlations page compares."""
    landscape: LandscapeChoice = field(default_factory=LandscapeChoice)
    """What the Landscape page looks at."""
    search: ProxySearchChoice = field(
        default_factory=lambda: ProxySearchChoice.default(DEFAULT_SPECIFICATION.space, DEFAULT_SPECIFICATION.task)
    )
    """What the Proxy search page shows beyond the specification's space, task, images and seed."""
    nas: ArchitectureSearchChoice = field(default_factory=ArchitectureSearchChoice)
    """What the Architecture search page launches and shows."""
    lesson_step: int = 1
    """Where somebody is in the lesson."""

    def __post_init__(self) -> None:
        first = first_of(self.specification.proxy)
        if isinstance(first, Configuration):
            object.__setattr__(self, "eproxy", first)

    def to_query(self) -> dict[str, str | list[str]]:
        """Parameters of the URL; what is at its default is left out."""
        given, default = self.specification, DEFAULT_SPECIFICATION
        values: dict[str, Any] = {"space": given.space, "task": given.task}
        sample = given.sample
        if sample.rule == "picked":
            values["rule"], values["picked"] = sample.rule, list(sample.picked)
        elif sample != Sample.default(given.space, given.task, default.sample.size):
            values |= {"rule": sample.rule, "n": sample.size, "draw": sample.seed}
        values |= {
            "preset": self.preset,
            "config": short_json(changed(self.eproxy, preset(self.preset))),
            "images": given.images,
            "seed": given.seed,
        }
        values |= {"run": self.run, "arch": self.architecture}
        first = first_of(given.proxy)
        if isinstance(first, Baseline):
            values |= {PREFIX + key: value for key, value in first.as_dict().items()}
        values |= self.comparison.to_query() | self.landscape.to_query()
        ensemble = plain_values(given.proxy)["ensemble"]
        values["ensemble"] = ensemble and short_json(ensemble)
        values |= self.search.to_query(given.space, given.task) | self.nas.to_query()
        values["step"] = self.lesson_step
        defaults = {"preset": DEFAULT, "images": default.images, "seed": default.seed, "step": 1}
        shown = {k: v for k, v in values.items() if v not in (None, "") and defaults.get(k) != v}
        return {k: v if isinstance(v, list) else str(v) for k, v in shown.items()}


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
        size = read(f"{prefix}n", lambda text: _whole(text, 1), usual.size)
        draw = read(f"{prefix}draw", lambda text: _whole(text, 0), usual.seed)
        picked = tuple(repeated(f"{prefix}picked")) if rule == "picked" else ()
        sample = Sample(rule, size, draw, picked)
        if sample == usual:
            return usual
        try:
            if rule == ANYWHERE:
                whole(str(size), 1, MOST_ANYWHERE, "number of architectures")
            sample.draw(space, task)
        except UserError as error:
            tell(f"{prefix}sample", error)
            return usual
        return sample

    sample = read_sample("", Sample.default(space, task, default.sample.size))
    name = read("preset", _preset, DEFAULT)
    eproxy = read("config", lambda text: _changed(name, text), preset(name))
    first = read(f"{PREFIX}proxy", lambda text: _baseline(query, text), None) or eproxy
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
        settings=read("dps", lambda text: changed_settings(start, text), settings(start)),
        held_out=read("held-out", lambda text: _whole(text, 0), most_held_out(space, task)),
    )
    landscape = read("landscape", landscape_in, LandscapeChoice())
    nas = read("nas", architecture_search_in, ArchitectureSearchChoice())
    compared = ComparisonChoice(
        proxies=read("compare", lambda text: proxies_in(text, partial(tell, "compare")), ComparisonChoice.proxies),
        batch=read("compare-batch", batch_in, ComparisonChoice.batch),
        width=read("compare-width", width_in, ComparisonChoice.width),
        seeds=read("compare-seeds", seeds_in, ComparisonChoice.seeds),
    )
    step, run = read("step", lambda text: _whole(text, 1), 1), query.get("run")
    return Choice(specification, name, run, architecture, eproxy, compared, landscape, search, nas, step), problems


def with_specification(choice: Choice, **changes: Any) -> Choice:
    """The choice with parts of its specification replaced."""
    return replace(choice, specification=replace(choice.specification, **changes))


def with_space(choice: Choice, space: str) -> Choice:
    """The choice moved to another search space: its default task, and a sample as large as before where it can be."""
    task = benchmarks.task(space).name
    given = choice.specification.sample
    sample = Sample.default(space, task, min(given.size, DEFAULT_SIZE), given.seed)
    moved = with_specification(choice, space=space, task=task, sample=sample)
    return replace(moved, architecture=None, search=_moved(choice.search, space, task), nas=choice.nas.moved(True))


def with_task(choice: Choice, task: str) -> Choice:
    """The choice moved to another task of its space."""
    space = choice.specification.space
    moved = with_specification(choice, task=task)
    return replace(moved, search=_moved(choice.search, space, task), nas=choice.nas.moved(False))


def with_run(choice: Choice, run: Run) -> Choice:
    """The choice with everything that a run was launched with."""
    given, opened = run.specification, replace(choice, run=run.id, architecture=None)
    if isinstance(given, EvaluationSpecification):
        return replace(opened, specification=given)
    same_space = choice.specification.space == given.space
    moved = with_task(opened if same_space else with_space(opened, given.space), given.task)
    moved = replace(with_specification(moved, images=given.images, seed=given.seed), run=run.id)
    if isinstance(given, ComparisonSpecification):
        return replace(with_specification(moved, sample=given.sample), comparison=ComparisonChoice.of(given))
    if isinstance(given, LandscapeSpecification):
        shown = with_specification(moved, sample=given.sample, proxy=given.configuration)
        return replace(shown, landscape=LandscapeChoice.of(given))
    if isinstance(given, ArchitectureSearchSpecification):
        return _with_architecture_search(moved, given)
    assert isinstance(given, ProxySearchSpecification)
    preset = next((name for name, known in SETTINGS.items() if known == given.settings), choice.search.preset)
    return replace(moved, search=ProxySearchChoice(given.sample, preset, given.settings, given.held_out))


def _with_architecture_search(choice: Choice, given: ArchitectureSearchSpecification) -> Choice:
    """A proxy that has no name becomes the tuned one."""
    nas = ArchitectureSearchChoice.of(given, choice.nas)
    if given.settings.needs_proxy and nas.proxy == TUNED:
        choice = with_specification(choice, proxy=given.proxy)
    return replace(with_specification(choice, seed=given.proxy_seed), nas=nas)


def _moved(search: ProxySearchChoice, space: str, task: str) -> ProxySearchChoice:
    """The settings stay; what depends on space and task is at its default."""
    return replace(search, sample=default_sample(space, task), held_out=most_held_out(space, task))


def _rule(space: str, text: str) -> str:
    accepted = [*RULES, *benchmarks.subsets(space)]
    if text not in accepted:
        raise UserError(one_of(text, accepted, "sampling rule"))
    return text


def _whole(text: str, low: int) -> int:
    return whole(text, low, 2**31 - 1, "number")


def _preset(text: str) -> str:
    preset(text)
    return text


def _changed(name: str, text: str) -> Configuration:
    return Configuration.from_dict({**preset(name).as_dict(), **changes_in(text, "configuration keys")})


def _baseline(query: Mapping[str, str], name: str) -> Baseline:
    chosen = Baseline(name).checked()
    for key in ("batch", "width"):
        if PREFIX + key in query:
            chosen = chosen.replace(key, query[PREFIX + key])
    return chosen


def _settings(text: str) -> str:
    settings(text)
    return text


def _source(text: str) -> str:
    images.parse_source(text)
    return text
