"""Specification of an evaluation run."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from eproxy_engine.baselines import Baseline, tabulated
from eproxy_engine.proxy import Configuration, Evaluation
from eproxy_engine.proxy.evaluation import TORCH
from eproxy_engine.runs.specification import SampledSpecification, arithmetic_of, described, sample_of
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring import Member, Proxy, is_computed, members_of, title_of
from eproxy_engine.scoring.proxy import plain_values, proxy_of


@dataclass(frozen=True)
class EvaluationSpecification(SampledSpecification):
    """Immutable specification of an evaluation run: one proxy on a sample of architectures, with one seed."""

    kind: ClassVar[str] = "evaluate"

    space: str
    task: str
    sample: Sample = field(default_factory=Sample)
    proxy: Proxy = field(default_factory=Configuration)
    images: str = "bundled"
    seed: int = 1
    arithmetic: str = field(default=TORCH, compare=False)

    @property
    def title(self) -> str:
        return f"{self.space_title}, {self.task}: {described(self.sample)}, {title_of(self.proxy)}"

    def evaluations(self) -> list[Evaluation]:
        """Return the evaluations, member by member, one per row of :meth:`architectures`.

        Equal networks give equal evaluations. Members that are read from the table need none.
        """
        return [each for member in members_of(self.proxy) for each in self.evaluations_of(member)]

    def evaluations_of(self, member: Member) -> list[Evaluation]:
        """Return the evaluations of one member."""
        if not is_computed(member):
            return []
        architectures = self.architectures()["architecture"]
        return [
            Evaluation.of(self.space, text, member, self.images, self.seed, self.arithmetic) for text in architectures
        ]

    def checked(self) -> EvaluationSpecification:
        super().checked()
        for member in members_of(self.proxy):
            if isinstance(member, Baseline):
                member.checked()
                if member.tabulated:
                    tabulated.scores(member.name, self.architectures())
        return self

    def as_dict(self) -> dict[str, Any]:
        return {
            "space": self.space,
            "task": self.task,
            "sample": asdict(self.sample),
            "images": self.images,
            "seed": self.seed,
            **plain_values(self.proxy),
            **arithmetic_of(self),
        }

    @classmethod
    def _from_dict(cls, values: dict[str, Any]) -> EvaluationSpecification:
        others = {name: value for name, value in values.items() if name not in ("configuration", "ensemble")}
        return cls(**{**others, "sample": sample_of(values["sample"]), "proxy": proxy_of(values)})
