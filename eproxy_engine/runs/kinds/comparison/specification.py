"""Specification of a comparison of proxies."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from eproxy_engine.baselines import Baseline
from eproxy_engine.baselines.tabulated import SIZES
from eproxy_engine.errors import UserError
from eproxy_engine.proxy import Evaluation
from eproxy_engine.proxy.evaluation import TORCH
from eproxy_engine.runs.kinds.evaluation.specification import EvaluationSpecification
from eproxy_engine.runs.specification import SampledSpecification, arithmetic_of, described, sample_of
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring import is_computed, members_of
from eproxy_engine.scoring.named import NamedProxy

MOST_PROXIES = 60
MOST_SEEDS = 20
TABLE_COLUMNS = ("architecture", "accuracy", *SIZES)
"""Columns of the table of scores, beside one per proxy under its name."""


@dataclass(frozen=True)
class ComparisonSpecification(SampledSpecification):
    """Immutable specification of a comparison: several proxies on the same architectures, images and seeds."""

    kind: ClassVar[str] = "compare"

    space: str
    task: str
    sample: Sample
    proxies: tuple[NamedProxy, ...]
    images: str = "bundled"
    seeds: tuple[int, ...] = (1,)
    """Seeds of images, weights and all else that is random. Shown scores use the first; the others give the spread."""
    arithmetic: str = field(default=TORCH, compare=False)

    @property
    def seed(self) -> int:  # type: ignore[override]
        """First seed."""
        return self.seeds[0]

    @property
    def title(self) -> str:
        count = f"{len(self.proxies)} proxies" if len(self.proxies) != 1 else self.proxies[0].name
        seeds = f", seeds {', '.join(map(str, self.seeds))}" if len(self.seeds) > 1 else ""
        return f"{self.space_title}, {self.task}: {described(self.sample)}, {count}{seeds}"

    @property
    def measured_on(self) -> Baseline:
        """A baseline with the batch and width of all computed baselines."""
        members = (member for named in self.proxies for member in members_of(named.proxy))
        baselines = (member for member in members if isinstance(member, Baseline) and not member.tabulated)
        return next(baselines, Baseline("flops"))

    def evaluation_run(self, proxy: NamedProxy, seed: int | None = None) -> EvaluationSpecification:
        """Return the evaluation run of one proxy, with the first seed if ``seed`` is None."""
        seed = self.seed if seed is None else seed
        return EvaluationSpecification(
            self.space, self.task, self.sample, proxy.proxy, self.images, seed, self.arithmetic
        )

    def evaluations(self) -> list[Evaluation]:
        """Return the evaluations with the first seed, proxy by proxy."""
        return [each for proxy in self.proxies for each in self.evaluation_run(proxy).evaluations()]

    def checked(self) -> ComparisonSpecification:
        if not 1 <= len(self.proxies) <= MOST_PROXIES:
            raise UserError(f"{len(self.proxies)} proxies; accepted: 1 to {MOST_PROXIES}")
        names = [proxy.name for proxy in self.proxies]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise UserError(f"two proxies are named {twice!r}; accepted: names that differ")
        for proxy in self.proxies:
            if proxy.name in TABLE_COLUMNS and is_computed(proxy.proxy):
                raise UserError(f"a proxy named {proxy.name!r}; accepted: another name, as the table has that column")
        if not 1 <= len(self.seeds) <= MOST_SEEDS or len(set(self.seeds)) < len(self.seeds):
            raise UserError(f"seeds {list(self.seeds)}; accepted: 1 to {MOST_SEEDS}, all different")
        for proxy in self.proxies:
            self.evaluation_run(proxy).checked()
        for seed in self.seeds:
            self.evaluation_run(self.proxies[0], seed).checked()
        return self

    def as_dict(self) -> dict[str, Any]:
        return {
            "space": self.space,
            "task": self.task,
            "sample": asdict(self.sample),
            "proxies": [proxy.as_dict() for proxy in self.proxies],
            "images": self.images,
            "seeds": list(self.seeds),
            **arithmetic_of(self),
        }

    @classmethod
    def _from_dict(cls, values: dict[str, Any]) -> ComparisonSpecification:
        proxies = tuple(NamedProxy.from_dict(each) for each in values["proxies"])
        parts = {"sample": sample_of(values["sample"]), "proxies": proxies, "seeds": tuple(values["seeds"])}
        return cls(**{**values, **parts})
