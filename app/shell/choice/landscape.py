"""What the Landscape page looks at, and its form in the URL."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from eproxy_engine.accepted import Between, OneOf
from eproxy_engine.documents import read_yaml
from eproxy_engine.fields import Part, Settings, changed, setting, short_json
from eproxy_engine.landscape import View
from eproxy_engine.proxy import Configuration
from eproxy_engine.runs import EvaluationSpecification, LandscapeSpecification
from eproxy_engine.runs.kinds.landscape.specification import BARRIERS, MOST_DRAWS
from eproxy_engine.sampling import Sample

MOST_SEEDS = 5


@dataclass(frozen=True)
class LandscapeChoice(Settings, what="landscape"):
    """Space, task, sample, proxy configuration, images and the first seed are the session's. Raises UserError."""

    extremes: int = setting(
        1,
        "Best and worst, of each",
        Between(0, 10),
        help="One of each gives Figures 7 and 8 of the paper; more give the measures a spread. Where no accuracy is "
        "known, the first architectures are taken instead.",
    )
    """0 for the whole sample."""
    barrier: str = setting(
        "both",
        "Barrier",
        OneOf(tuple(BARRIERS.values()), {"both": "Both", "on": "With", "off": "Without"}),
        help="With both, the same directions are walked in the same network, so that the surfaces can be compared.",
    )
    view: View = setting(View(), "View", Part(View), help="The square of parameter space that is looked at.")
    trained: bool = setting(True, "Trained", help="The middle is where training ends, whatever the view says.")
    film: bool = setting(False, "Film", help="A surface after each iteration.")
    draws: int = setting(
        1,
        "Direction pairs",
        Between(1, MOST_DRAWS),
        help="More than one gives the measures a spread over directions.",
    )
    seeds: int = setting(
        1,
        "Seeds",
        Between(1, MOST_SEEDS),
        help="Draw images, weights, targets and directions anew for each: shows how much is luck.",
    )

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
        changes = changed(self, LandscapeChoice())
        if "view" in changes:
            changes["view"] = changed(self.view, View())
        return {"landscape": short_json(changes)} if changes else {}


def landscape_in(text: str) -> LandscapeChoice:
    """The choice in a part of the URL. Raises UserError."""
    return LandscapeChoice.from_dict(read_yaml(text))
