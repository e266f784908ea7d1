"""Immutable specification of a run: all that is needed to repeat it anywhere."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import fields, replace
from typing import Any, ClassVar, Self

import pandas as pd

from eproxy_engine import benchmarks, images, spaces
from eproxy_engine.counted import counted
from eproxy_engine.errors import UserError, shown
from eproxy_engine.foreign import reading
from eproxy_engine.proxy.evaluation import EARLIER, NATIVE, TORCH
from eproxy_engine.sampling import FAMOUS, Sample


class Specification(ABC):
    """Immutable specification of a run, of any kind."""

    kind: ClassVar[str]
    """Name in the store and in run files."""

    space: str
    task: str
    images: str
    seed: int
    arithmetic: str = TORCH
    """Who computes trainings, ``torch`` or ``native``. Equal specifications may differ in it."""

    @property
    def seeds(self) -> tuple[int, ...]:
        """All seeds: one unless the kind of run has several."""
        return (self.seed,)

    @property
    @abstractmethod
    def title(self) -> str:
        """Short name for lists."""

    @property
    def space_title(self) -> str:
        """Title of the space; its name if its plug-in is missing."""
        try:
            return spaces.get(self.space).title
        except UserError:
            return self.space

    def checked(self) -> Self:
        """Return this specification if it can be run.

        Raises:
            UserError: If a part of it is unknown or parts do not fit together.
        """
        benchmarks.task(self.space, self.task)
        images.identity(self.images)
        check_seed("seed", self.seed)
        if self.arithmetic not in (TORCH, NATIVE, *EARLIER):
            raise UserError(f"arithmetic is {shown(self.arithmetic)}; accepted: {TORCH}, {NATIVE}")
        return self

    def computed_by(self, arithmetic: str) -> Self:
        """Return this specification with another arithmetic, if its kind knows more than one."""
        of_kind = any(each.name == "arithmetic" for each in fields(self))  # type: ignore[arg-type]
        return replace(self, arithmetic=arithmetic) if of_kind else self  # type: ignore[type-var]

    def from_any_folder(self) -> Self:
        """Return this specification with an absolute path of images, for other processes. Raises UserError."""
        return replace(self, images=images.absolute(self.images))  # type: ignore[type-var]

    @abstractmethod
    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; :meth:`from_dict` reads them."""

    @classmethod
    def from_dict(cls, values: Any) -> Self:
        """Return the specification in plain values, which :meth:`checked` has yet to check.

        Raises:
            UserError: If the values are not a specification of this kind.
        """
        with reading("the specification of a run", f"one of the kind {cls.kind!r}, as Eproxy Studio writes it"):
            return cls._from_dict(values)

    @classmethod
    @abstractmethod
    def _from_dict(cls, values: dict[str, Any]) -> Self:
        """Return the specification that :meth:`as_dict` wrote; raises any exception for other values."""


class SampledSpecification(Specification):
    """Specification of a run on a sample of architectures."""

    sample: Sample

    def architectures(self) -> pd.DataFrame:
        """Return the sampled rows of the benchmark table. Raises UserError."""
        return self.sample.draw(self.space, self.task)

    def checked(self) -> Self:
        super().checked()
        check_seed("seed of the sample", self.sample.seed)
        self.architectures()
        return self


def check_seed(what: str, seed: Any) -> None:
    """Raise UserError if ``seed`` is not a seed; ``what`` names it."""
    if not isinstance(seed, int) or not 0 <= seed < 2**31:
        raise UserError(f"{what} is {shown(seed)}; accepted: a whole number from 0 to {2**31 - 1}")


def arithmetic_of(given: Specification) -> dict[str, Any]:
    """Return the plain values of the arithmetic; none for torch, as before there was another one."""
    return {} if given.arithmetic == TORCH else {"arithmetic": given.arithmetic}


def described(sample: Sample) -> str:
    """Describe a sample, such as ``200 architectures (sample 1)``."""
    if sample.rule == "picked":
        return f"{counted(len(sample.picked), 'architecture')} (picked)"
    if sample.rule == FAMOUS:
        return f"famous networks among {counted(sample.size, 'other')} (sample {sample.seed})"
    how = f"sample {sample.seed}" if sample.rule == "random" else sample.rule
    return f"{counted(sample.size, 'architecture')} ({how})"


def sample_of(values: dict[str, Any]) -> Sample:
    """Return the sample in plain values. Raises UserError, KeyError or TypeError."""
    return Sample(**{**values, "picked": tuple(values["picked"])})
