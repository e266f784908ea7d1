"""What somebody launched, as a value: everything needed to run it again anywhere."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any, ClassVar, Self

import pandas as pd

from eproxy_engine import benchmarks, images, spaces
from eproxy_engine.errors import UserError, shown
from eproxy_engine.foreign import reading
from eproxy_engine.sampling import Sample


class Specification(ABC):
    """What the specifications of all kinds of runs have in common."""

    kind: ClassVar[str]
    """Its name in the store and in run files."""

    space: str
    task: str
    images: str
    seed: int

    @property
    @abstractmethod
    def title(self) -> str:
        """A short name for lists."""

    @property
    def space_title(self) -> str:
        """The space's title; its name where its plug-in is gone."""
        try:
            return spaces.get(self.space).title
        except UserError:
            return self.space

    def checked(self) -> Self:
        """Itself, if every part of it is known and fits together. Raises UserError."""
        benchmarks.task(self.space, self.task)
        images.identity(self.images)
        check_seed("seed", self.seed)
        return self

    def from_any_folder(self) -> Self:
        """Itself with the path of its images absolute, as another process may carry it out. Raises UserError."""
        return replace(self, images=images.absolute(self.images))  # type: ignore[type-var]

    @abstractmethod
    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; :meth:`from_dict` takes them back."""

    @classmethod
    def from_dict(cls, values: Any) -> Self:
        """The specification of plain values; :meth:`checked` says whether it can be run. Raises UserError."""
        with reading("the specification of a run", f"one of the kind {cls.kind!r}, as Eproxy Studio writes it"):
            return cls._from_dict(values)

    @classmethod
    @abstractmethod
    def _from_dict(cls, values: dict[str, Any]) -> Self:
        """The same of values that were written by :meth:`as_dict`; raises anything for others."""


class SampledSpecification(Specification):
    """What is about a sample of architectures."""

    sample: Sample

    def architectures(self) -> pd.DataFrame:
        """The sampled rows of the benchmark table. Raises UserError."""
        return self.sample.draw(self.space, self.task)

    def checked(self) -> Self:
        super().checked()
        check_seed("seed of the sample", self.sample.seed)
        self.architectures()
        return self


def check_seed(what: str, seed: Any) -> None:
    """Raises UserError if ``seed`` is not one."""
    if not isinstance(seed, int) or not 0 <= seed < 2**31:
        raise UserError(f"{what} is {shown(seed)}; accepted: a whole number from 0 to {2**31 - 1}")


def described(sample: Sample) -> str:
    """``200 architectures (sample 1)``."""
    if sample.rule == "picked":
        return f"{len(sample.picked)} architectures (picked)"
    return f"{sample.size} architectures ({sample.rule if sample.rule != 'random' else f'sample {sample.seed}'})"


def sample_of(values: dict[str, Any]) -> Sample:
    """The sample of plain values. Raises UserError, KeyError or TypeError."""
    return Sample(**{**values, "picked": tuple(values["picked"])})
