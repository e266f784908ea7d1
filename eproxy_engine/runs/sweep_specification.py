"""An evaluation sweep, as a value."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from eproxy_engine.errors import UserError
from eproxy_engine.proxy import Configuration, Evaluation
from eproxy_engine.proxy.ensemble import Ensemble
from eproxy_engine.runs.specification import Specification, described, sample_of
from eproxy_engine.sampling import Sample


@dataclass(frozen=True)
class SweepSpecification(Specification):
    """One proxy configuration on a sample of architectures, with one seed."""

    kind: ClassVar[str] = "evaluate"

    space: str
    task: str
    sample: Sample = field(default_factory=Sample)
    configuration: Configuration = field(default_factory=Configuration)
    images: str = "bundled"
    seed: int = 1
    ensemble: Ensemble | None = None
    """Further members of the proxy; the scores are mean ranks then."""

    @property
    def title(self) -> str:
        if self.ensemble is not None:
            return f"{self.space_title}, {self.task}: {described(self.sample)}, ensemble of {len(self.members())}"
        barrier = "barrier" if self.configuration.barrier else "no barrier"
        features = " | ".join("+".join(branch.features) for branch in self.configuration.branches)
        return f"{self.space_title}, {self.task}: {described(self.sample)}, {features}, {barrier}"

    def members(self) -> tuple[Configuration, ...]:
        """The configuration, and the others of its ensemble."""
        return (self.configuration, *(self.ensemble.others if self.ensemble else ()))

    def evaluations(self) -> list[Evaluation]:
        """Member by member, one for each row of :meth:`architectures`; equal networks give equal evaluations."""
        architectures = list(self.architectures()["architecture"])
        return [
            Evaluation.of(self.space, architecture, member, self.images, self.seed)
            for member in self.members()
            for architecture in architectures
        ]

    def as_dict(self) -> dict[str, Any]:
        values = {**asdict(self), "sample": asdict(self.sample), "configuration": self.configuration.as_dict()}
        return values | {"ensemble": self.ensemble.as_dict() if self.ensemble else None}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> SweepSpecification:
        try:
            sample, configuration = sample_of(values["sample"]), Configuration.from_dict(values["configuration"])
            ensemble = Ensemble.from_dict(values["ensemble"]) if values.get("ensemble") else None
            return cls(**{**values, "sample": sample, "configuration": configuration, "ensemble": ensemble})
        except (KeyError, TypeError) as error:
            raise UserError(f"not the specification of a run: {error}") from error
