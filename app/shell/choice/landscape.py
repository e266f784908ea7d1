"""What the Landscape page looks at, and its form in the URL."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from eproxy_engine.documents import read_yaml
from eproxy_engine.errors import UserError, check_named
from eproxy_engine.fields import changed, known_keys, short_json
from eproxy_engine.landscape import View
from eproxy_engine.proxy import Configuration
from eproxy_engine.runs import EvaluationSpecification, LandscapeSpecification
from eproxy_engine.runs.kinds.landscape.specification import BARRIERS, MOST_DRAWS
from eproxy_engine.sampling import Sample

MOST_EXTREMES = 10
MOST_SEEDS = 5
RANGES = {"extremes": (0, MOST_EXTREMES), "draws": (1, MOST_DRAWS), "seeds": (1, MOST_SEEDS)}


@dataclass(frozen=True)
class LandscapeChoice:
    """Space, task, sample, proxy configuration, images and the first seed are the session's. Raises UserError."""

    extremes: int = 1
    """So many best and worst of the sample; 0 for all of it."""
    barrier: str = "both"
    view: View = field(default_factory=View)
    trained: bool = True
    """Whether the middle is where training ends, whatever the view says."""
    film: bool = False
    """Whether there is a surface after each iteration."""
    draws: int = 1
    seeds: int = 1

    def __post_init__(self) -> None:
        check_named("barrier", self.barrier, BARRIERS.values())
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
                raise UserError(f"{name} is {value!r}; accepted: a whole number from {low} to {high}")
        for name in ("trained", "film"):
            if not isinstance(getattr(self, name), bool):
                raise UserError(f"{name} is {getattr(self, name)!r}; accepted: true, false")

    @classmethod
    def of(cls, given: LandscapeSpecification) -> LandscapeChoice:
        """What leads to a run again."""
        iterations = given.configuration.iterations
        return cls(
            0,
            BARRIERS[given.barriers],
            given.view,
            given.view.centre == iterations,
            given.centres == tuple(range(iterations + 1)),
            given.draws,
            min(len(given.seeds), MOST_SEEDS),
        )

    def specification(self, given: EvaluationSpecification, eproxy: Configuration) -> LandscapeSpecification:
        """What the controls say, with the rest from the session. Raises UserError."""
        iterations = eproxy.iterations
        return LandscapeSpecification(
            given.space,
            given.task,
            self._sample(given),
            replace(eproxy, barrier=True),
            replace(self.view, centre=iterations) if self.trained else self.view,
            next(barriers for barriers, name in BARRIERS.items() if name == self.barrier),
            tuple(range(iterations + 1)) if self.film else (),
            self.draws,
            given.images,
            tuple(range(given.seed, given.seed + self.seeds)),
        )

    def _sample(self, given: EvaluationSpecification) -> Sample:
        """The best and worst; where their accuracies are not known, as many of the first."""
        if not self.extremes:
            return given.sample
        drawn = given.sample.draw(given.space, given.task)
        if drawn["accuracy"].count() >= 2:
            return given.sample.extremes(given.space, given.task, self.extremes)
        first = tuple(drawn["architecture"][: 2 * self.extremes])
        return Sample("picked", len(first), given.sample.seed, first)

    def to_query(self) -> dict[str, Any]:
        """Parameters of the URL; what is at its default is left out."""
        default, now = asdict(LandscapeChoice()), asdict(self)
        changes = {name: value for name, value in now.items() if name != "view" and value != default[name]}
        view = changed(self.view, View())
        changes |= {"view": view} if view else {}
        return {"landscape": short_json(changes)} if changes else {}


def landscape_in(text: str) -> LandscapeChoice:
    """The choice in a part of the URL. Raises UserError."""
    values = known_keys(LandscapeChoice, read_yaml(text), "landscape")
    view = {"view": View.from_dict(values["view"])} if "view" in values else {}
    return LandscapeChoice(**{**values, **view})
