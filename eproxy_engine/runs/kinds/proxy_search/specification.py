"""Specification of a proxy search (DPS)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any, ClassVar

from eproxy_engine import benchmarks, spaces
from eproxy_engine.counted import counted
from eproxy_engine.errors import UserError
from eproxy_engine.proxy.evaluation import TORCH
from eproxy_engine.runs.kinds.evaluation.specification import EvaluationSpecification
from eproxy_engine.runs.specification import SampledSpecification, arithmetic_of, described, sample_of
from eproxy_engine.sampling import Sample, drawable
from eproxy_engine.scoring import Proxy, flops_norm
from eproxy_engine.search.proxy_search.search import Problem
from eproxy_engine.search.proxy_search.settings import ProxySearchSettings, settings

SMALLEST_SAMPLE = 5
HELD_OUT_DRAW = 1
"""Seed of the random sample that judges. All runs use it, so that their proxies are comparable."""


@dataclass(frozen=True)
class ProxySearchSpecification(SampledSpecification):
    """Immutable specification of a proxy search: for a configuration that ranks a handful of architectures best."""

    kind: ClassVar[str] = "dps"

    space: str
    task: str
    sample: Sample
    settings: ProxySearchSettings = field(default_factory=settings)
    images: str = "bundled"
    seed: int = 1
    held_out: int = 200
    """Number of architectures outside the sample that judge the proxy found; 0 for no judgement."""
    arithmetic: str = field(default=TORCH, compare=False)

    @property
    def title(self) -> str:
        in_flight = self.settings.children_in_flight
        asynchronous = f"{in_flight} children in flight, " if in_flight > 1 else ""
        how = f"{counted(self.settings.trials, 'trial')}, {asynchronous}seed {self.seed}"
        what = "random proxy search" if self.settings.is_random else "DPS"
        return f"{self.space_title}, {self.task}: {what} on {described(self.sample)}, {how}"

    @property
    def most_evaluations(self) -> int:
        """Evaluations at most, by the search and by the judgement."""
        return self.settings.trials * self.settings.seeds * len(self.architectures()) + self.most_judging

    @property
    def most_judging(self) -> int:
        """Evaluations at most that judge the members of the proxy found, and the default proxy."""
        return (self.settings.members + 1) * self.held_out

    def problem(self) -> Problem:
        """Return the problem that the search solves. Raises UserError."""
        rows = self.architectures()
        return Problem(
            space=self.space,
            architectures=tuple(rows["architecture"]),
            accuracy=tuple(rows["accuracy"]),
            flops_norm=tuple(flops_norm(self.settings.space().base, self.space, rows["flops"])),
            images=self.images,
            seed=self.seed,
            arithmetic=self.arithmetic,
        )

    def judge(self, proxy: Proxy) -> EvaluationSpecification:
        """Return the evaluation run of a proxy on the held-out architectures. Raises UserError."""
        return self.transfer(self.space, self.task, self.held_out, proxy)

    def transfer(self, space: str, task: str, count: int, proxy: Proxy) -> EvaluationSpecification:
        """Return the evaluation run of a proxy on architectures that this proxy search has not seen.

        Args:
            space: Name of any search space.
            task: Name of a task of that space.
            count: Maximum number of architectures.
            proxy: Proxy to evaluate.

        Raises:
            UserError: If the space or the task is unknown.
        """
        searched = tuple(self.architectures()["architecture"]) if space == self.space else ()
        picked = _others(space, task, searched, count, benchmarks.version(space))
        sample = Sample("picked", len(picked), HELD_OUT_DRAW, picked)
        return EvaluationSpecification(space, task, sample, proxy, self.images, self.seed, self.arithmetic)

    def checked(self) -> ProxySearchSpecification:
        super().checked()
        rows = self.architectures()
        if rows["accuracy"].isna().any():
            unknown = rows.loc[rows["accuracy"].isna(), "architecture"].iloc[0]
            raise UserError(f"the accuracy of {unknown} on {self.task} is unknown; accepted: measured architectures")
        if len(rows) < SMALLEST_SAMPLE or rows["accuracy"].nunique() < 2:
            raise UserError(f"{len(rows)} architectures; accepted: {SMALLEST_SAMPLE} or more, of different accuracy")
        most = len(benchmarks.known(self.space, self.task)) - len(rows)
        if not isinstance(self.held_out, int) or not 0 <= self.held_out <= most:
            raise UserError(f"held_out is {self.held_out!r}; accepted: a whole number from 0 to {most}")
        return self

    def as_dict(self) -> dict[str, Any]:
        values = {name: value for name, value in asdict(self).items() if name != "arithmetic"}
        return {**values, "sample": asdict(self.sample), "settings": self.settings.as_dict(), **arithmetic_of(self)}

    @classmethod
    def _from_dict(cls, values: dict[str, Any]) -> ProxySearchSpecification:
        sample, given = sample_of(values["sample"]), ProxySearchSettings.from_dict(values["settings"])
        return cls(**{**values, "sample": sample, "settings": given})


@lru_cache(maxsize=32)
def _others(
    space: str, task: str, searched: tuple[str, ...], count: int, version: tuple[tuple[str, int], ...]
) -> tuple[str, ...]:
    """Return up to ``count`` architectures of the random sample, none with the network of a searched one."""
    family = spaces.get(space)

    def network(text: str) -> str:
        return str(family.equivalent(family.parse(text)))

    known = {network(text) for text in searched}
    drawn = Sample("random", drawable(space, task), HELD_OUT_DRAW).draw(space, task)["architecture"]
    return tuple(islice((text for text in drawn if network(text) not in known), count))
