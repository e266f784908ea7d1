"""Specification of loss landscapes."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any, ClassVar

from eproxy_engine.errors import UserError
from eproxy_engine.landscape.landscape import parts
from eproxy_engine.landscape.view import BATCH_NORM, View
from eproxy_engine.proxy import Configuration, Evaluation
from eproxy_engine.proxy.evaluation import TORCH
from eproxy_engine.runs.specification import SampledSpecification, arithmetic_of, sample_of
from eproxy_engine.sampling import Sample

MOST_SURFACES = 400
MOST_DRAWS = 20
BARRIERS: dict[tuple[bool, ...], str] = {(True,): "on", (False,): "off", (True, False): "both"}
"""Choices and their names."""
BARRIER_TITLES = {"on": "with barrier", "off": "without barrier", "both": "with and without barrier"}


@dataclass(frozen=True)
class Surface:
    """One loss surface of a run."""

    architecture: str
    barrier: bool
    seed: int
    view: View


@dataclass(frozen=True)
class LandscapeSpecification(SampledSpecification):
    """Immutable specification of loss landscapes.

    It has surfaces for a sample of architectures, with barrier, without or both, over seeds, directions and centres.
    """

    kind: ClassVar[str] = "landscape"

    space: str
    task: str
    sample: Sample
    configuration: Configuration = field(default_factory=Configuration)
    """Proxy configuration; ``barriers`` switch its barrier."""
    view: View = field(default_factory=View)
    """View of the first directions and the first centre."""
    barriers: tuple[bool, ...] = (True, False)
    centres: tuple[int, ...] = ()
    """Updates before the centre, one number per surface; empty for the view's own."""
    draws: int = 1
    """Number of pairs of directions, counted from the view's."""
    images: str = "bundled"
    seeds: tuple[int, ...] = (1,)
    """Seeds of images, weights, targets and directions."""
    arithmetic: str = field(default=TORCH, compare=False)

    @property
    def seed(self) -> int:  # type: ignore[override]
        """First seed."""
        return self.seeds[0]

    @property
    def title(self) -> str:
        count = self.sample.size
        what = f"loss landscape of {count} architectures" if count > 1 else "loss landscape of an architecture"
        barriers = BARRIER_TITLES[BARRIERS[self.barriers]]
        several = [f"{len(self.seeds)} seeds"] if len(self.seeds) > 1 else []
        several += [f"{self.draws} pairs of directions"] if self.draws > 1 else []
        several += [f"{len(self.centres)} centres"] if len(self.centres) > 1 else []
        return ", ".join([f"{self.space_title}, {self.task}: {what}", barriers, *several])

    def surfaces(self) -> list[Surface]:
        """Return the surfaces in the order of their computation. Raises UserError."""
        views = [
            replace(self.view, centre=centre, draw=self.view.draw + draw)
            for draw in range(self.draws)
            for centre in self.centres or (self.view.centre,)
        ]
        architectures = self.architectures()["architecture"]
        return [
            Surface(architecture, barrier, seed, view)
            for seed in self.seeds
            for view in views
            for architecture in architectures
            for barrier in self.barriers
        ]

    def evaluations(self, surface: Surface) -> list[Evaluation]:
        """Return one evaluation per part of :func:`eproxy_engine.landscape.landscape.parts`, in their order."""
        configuration = replace(self.configuration, barrier=surface.barrier)
        return [
            Evaluation.of(self.space, surface.architecture, part, self.images, surface.seed, self.arithmetic)
            for part in parts(configuration, surface.view)
        ]

    def recipe(self, surface: Surface) -> dict[str, Any]:
        """Return all that a figure of the surface depends on, as JSON values."""
        return {
            "space": self.space,
            "task": self.task,
            **asdict(surface),
            "configuration": replace(self.configuration, barrier=surface.barrier).as_dict(),
            "images": self.images,
            "batch normalisation": BATCH_NORM,
        }

    def checked(self) -> LandscapeSpecification:
        barriers, iterations = self.barriers, self.configuration.iterations
        if barriers not in BARRIERS:
            raise UserError(f"barriers is {list(barriers)}; accepted: [true], [false] or [true, false]")
        if not self.seeds or len(set(self.seeds)) < len(self.seeds):
            raise UserError(f"seeds {list(self.seeds)}; accepted: at least one, all different")
        if not isinstance(self.draws, int) or not 1 <= self.draws <= MOST_DRAWS:
            raise UserError(f"{self.draws!r} pairs of directions; accepted: a whole number from 1 to {MOST_DRAWS}")
        for centre in self.centres or (self.view.centre,):
            if not isinstance(centre, int) or not 0 <= centre <= iterations:
                raise UserError(f"centre is {centre!r}; accepted: 0 to {iterations}, the iterations of the proxy")
        for seed in self.seeds:
            SampledSpecification.checked(replace(self, seeds=(seed,)))
        a_seed = self.draws * max(len(self.centres), 1) * len(self.architectures()) * len(barriers)
        if len(self.seeds) * a_seed > MOST_SURFACES:
            raise UserError(f"{len(self.seeds) * a_seed} surfaces; accepted: up to {MOST_SURFACES}")
        self.evaluations(self.surfaces()[0])
        return self

    def as_dict(self) -> dict[str, Any]:
        return {
            "space": self.space,
            "task": self.task,
            "sample": asdict(self.sample),
            "configuration": self.configuration.as_dict(),
            "view": self.view.as_dict(),
            "barriers": list(self.barriers),
            "centres": list(self.centres),
            "draws": self.draws,
            "images": self.images,
            "seeds": list(self.seeds),
            **arithmetic_of(self),
        }

    @classmethod
    def _from_dict(cls, values: dict[str, Any]) -> LandscapeSpecification:
        parts = {
            "sample": sample_of(values["sample"]),
            "configuration": Configuration.from_dict(values["configuration"]),
            "view": View.from_dict(values["view"]),
            **{name: tuple(values[name]) for name in ("barriers", "centres", "seeds")},
        }
        return cls(**{**values, **parts})
