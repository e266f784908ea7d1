"""An evaluation sweep, as a value."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from eproxy_engine.baselines import Baseline, tabulated
from eproxy_engine.proxy import Configuration, Evaluation
from eproxy_engine.runs.specification import SampledSpecification, described, sample_of
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring import Ensemble, Member, is_computed, member_of


@dataclass(frozen=True)
class EvaluationSpecification(SampledSpecification):
    """One proxy on a sample of architectures, with one seed."""

    kind: ClassVar[str] = "evaluate"

    space: str
    task: str
    sample: Sample = field(default_factory=Sample)
    configuration: Member = field(default_factory=Configuration)
    images: str = "bundled"
    seed: int = 1
    ensemble: Ensemble | None = None
    """Further members of the proxy; the scores are mean ranks then."""

    @property
    def title(self) -> str:
        if self.ensemble is not None:
            return f"{self.space_title}, {self.task}: {described(self.sample)}, ensemble of {len(self.members())}"
        return f"{self.space_title}, {self.task}: {described(self.sample)}, {title_of(self.configuration)}"

    def members(self) -> tuple[Member, ...]:
        """The configuration, and the others of its ensemble."""
        return (self.configuration, *(self.ensemble.others if self.ensemble else ()))

    def evaluations(self) -> list[Evaluation]:
        """Member by member, one for each row of :meth:`architectures`; equal networks give equal evaluations.

        Members that are read from the table need none.
        """
        return [each for member in self.members() for each in self.evaluations_of(member)]

    def evaluations_of(self, member: Member) -> list[Evaluation]:
        """Those of one member."""
        if not is_computed(member):
            return []
        architectures = self.architectures()["architecture"]
        return [Evaluation.of(self.space, text, member, self.images, self.seed) for text in architectures]

    def checked(self) -> EvaluationSpecification:
        super().checked()
        for member in self.members():
            if isinstance(member, Baseline):
                member.checked()
                if member.tabulated:
                    tabulated.scores(member.name, self.architectures())
        return self

    def as_dict(self) -> dict[str, Any]:
        values = {**asdict(self), "sample": asdict(self.sample), "configuration": self.configuration.as_dict()}
        return values | {"ensemble": self.ensemble.as_dict() if self.ensemble else None}

    @classmethod
    def _from_dict(cls, values: dict[str, Any]) -> EvaluationSpecification:
        sample, configuration = sample_of(values["sample"]), member_of(values["configuration"])
        ensemble = Ensemble.from_dict(values["ensemble"]) if values.get("ensemble") else None
        return cls(**{**values, "sample": sample, "configuration": configuration, "ensemble": ensemble})


def title_of(member: Member) -> str:
    """What a proxy is, in a few words."""
    if isinstance(member, Baseline):
        return member.title
    barrier = "barrier" if member.barrier else "no barrier"
    features = " | ".join("+".join(branch.features) for branch in member.branches)
    return f"{features}, {barrier}"
