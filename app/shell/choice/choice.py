"""Choices of one browser session on all pages."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from app.shell.choice.architecture_search import ArchitectureSearchChoice
from app.shell.choice.comparison import ComparisonChoice
from app.shell.choice.landscape import LandscapeChoice
from app.shell.choice.proxy_search import ProxySearchChoice, default_sample, most_held_out
from app.shell.choice.ranking import RankingChoice
from eproxy_engine import benchmarks
from eproxy_engine.baselines import Baseline
from eproxy_engine.fields import changed, short_json
from eproxy_engine.proxy import Configuration, preset
from eproxy_engine.proxy.presets import DEFAULT
from eproxy_engine.runs import EvaluationSpecification
from eproxy_engine.sampling import DEFAULT_SIZE, Sample
from eproxy_engine.scoring import first_of
from eproxy_engine.scoring.proxy import plain_values

OTHER_PROXY = "other-"
"""Prefix of the parameters of a proxy other than Eproxy."""
DEFAULT_SPECIFICATION = EvaluationSpecification("nasbench201", "cifar10", Sample("random", 100, 1), preset(DEFAULT))


@dataclass(frozen=True)
class Choice:
    """The specification that the controls show, the run and the architecture that are looked at."""

    specification: EvaluationSpecification = field(default_factory=lambda: DEFAULT_SPECIFICATION)
    preset: str = DEFAULT
    """The preset that the configuration started from."""
    found_by: str | None = None
    """The run that has found the proxy, if that started from no preset."""
    run: str | None = None
    architecture: str | None = None
    eproxy: Configuration = field(default_factory=lambda: preset(DEFAULT))
    """That of the specification or, while another proxy is chosen, the last one, to come back to."""
    comparison: ComparisonChoice = field(default_factory=ComparisonChoice)
    """What the Correlations page compares."""
    landscape: LandscapeChoice = field(default_factory=LandscapeChoice)
    """What the Landscape page looks at."""
    proxy_search: ProxySearchChoice = field(
        default_factory=lambda: ProxySearchChoice.default(DEFAULT_SPECIFICATION.space, DEFAULT_SPECIFICATION.task)
    )
    """What the Proxy search page shows beyond the specification's space, task, images and seed."""
    architecture_search: ArchitectureSearchChoice = field(default_factory=ArchitectureSearchChoice)
    """What the Architecture search page launches and shows."""
    ranking: RankingChoice = field(default_factory=RankingChoice)
    """What the Learned ranking page ranks."""
    lesson_step: int = 1
    """Where somebody is in the lesson."""
    reference: str | None = None
    """The evaluation run that others on the Proxy page are compared with."""
    lesson_teaching: bool = False
    """Whether the lesson is shown to a class."""

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
            "from": self.found_by,
            "images": given.images,
            "seed": given.seed,
        }
        values |= {"run": self.run, "reference": self.reference, "arch": self.architecture}
        first = first_of(given.proxy)
        if isinstance(first, Baseline):
            values |= {OTHER_PROXY + key: value for key, value in first.as_dict().items()}
        values |= self.comparison.to_query() | self.landscape.to_query()
        ensemble = plain_values(given.proxy)["ensemble"]
        values["ensemble"] = ensemble and short_json(ensemble)
        values |= self.proxy_search.to_query(given.space, given.task) | self.architecture_search.to_query()
        values |= self.ranking.to_query()
        values["step"] = self.lesson_step
        values["teach"] = "on" if self.lesson_teaching else None
        defaults = {"preset": DEFAULT, "images": default.images, "seed": default.seed, "step": 1}
        shown = {k: v for k, v in values.items() if v not in (None, "") and defaults.get(k) != v}
        return {k: v if isinstance(v, list) else str(v) for k, v in shown.items()}


def with_specification(choice: Choice, **changes: Any) -> Choice:
    """The choice with parts of its specification replaced."""
    return replace(choice, specification=replace(choice.specification, **changes))


def with_space(choice: Choice, space: str) -> Choice:
    """The choice moved to another search space: its default task, and a sample as large as before where it can be."""
    task = benchmarks.task(space).name
    given = choice.specification.sample
    sample = Sample.default(space, task, min(given.size, DEFAULT_SIZE), given.seed)
    moved = with_specification(choice, space=space, task=task, sample=sample)
    return replace(
        moved,
        architecture=None,
        proxy_search=_moved(choice.proxy_search, space, task),
        architecture_search=choice.architecture_search.moved(True),
        ranking=choice.ranking.moved(),
    )


def with_task(choice: Choice, task: str) -> Choice:
    """The choice moved to another task of its space."""
    space = choice.specification.space
    moved = with_specification(choice, task=task)
    return replace(
        moved,
        proxy_search=_moved(choice.proxy_search, space, task),
        architecture_search=choice.architecture_search.moved(False),
    )


def _moved(search: ProxySearchChoice, space: str, task: str) -> ProxySearchChoice:
    """The settings stay; what depends on space and task is at its default."""
    return replace(search, sample=default_sample(space, task), held_out=most_held_out(space, task))
