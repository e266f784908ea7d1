"""What somebody launched, as a value: everything needed to run it again anywhere."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd

from eproxy_engine import benchmarks, images, spaces
from eproxy_engine.errors import UserError
from eproxy_engine.proxy import Configuration, Evaluation
from eproxy_engine.sampling import Sample


@dataclass(frozen=True)
class Specification:
    """An evaluation sweep: one proxy configuration on a sample of architectures, with one seed."""

    space: str
    task: str
    sample: Sample = field(default_factory=Sample)
    configuration: Configuration = field(default_factory=Configuration)
    images: str = "bundled"
    seed: int = 1

    @property
    def title(self) -> str:
        """A short name for lists."""
        size = len(self.sample.picked) if self.sample.rule == "picked" else self.sample.size
        how = self.sample.rule if self.sample.rule != "random" else f"sample {self.sample.seed}"
        barrier = "barrier" if self.configuration.barrier else "no barrier"
        features = " | ".join("+".join(branch.features) for branch in self.configuration.branches)
        return f"{self._space_title}, {self.task}: {size} architectures ({how}), {features}, {barrier}"

    @property
    def _space_title(self) -> str:
        """The space's title; its name where its plug-in is gone."""
        try:
            return spaces.get(self.space).title
        except UserError:
            return self.space

    def architectures(self) -> pd.DataFrame:
        """The sampled rows of the benchmark table. Raises UserError."""
        return self.sample.draw(self.space, self.task)

    def evaluations(self) -> list[Evaluation]:
        """One for each row of :meth:`architectures`, in that order; equal networks give equal evaluations."""
        return [
            Evaluation.of(self.space, architecture, self.configuration, self.images, self.seed)
            for architecture in self.architectures()["architecture"]
        ]

    def checked(self) -> Specification:
        """Itself, if every part of it is known and fits together. Raises UserError."""
        benchmarks.task(self.space, self.task)
        images.identity(self.images)
        for what, seed in (("seed", self.seed), ("seed of the sample", self.sample.seed)):
            if not isinstance(seed, int) or not 0 <= seed < 2**31:
                raise UserError(f"{what} is {seed!r}; accepted: a whole number from 0 to {2**31 - 1}")
        self.architectures()
        return self

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; :meth:`from_dict` takes them back."""
        return {**asdict(self), "sample": asdict(self.sample), "configuration": self.configuration.as_dict()}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Specification:
        """The specification of plain values; :meth:`checked` says whether it can be run. Raises UserError."""
        try:
            sample = Sample(**{**values["sample"], "picked": tuple(values["sample"]["picked"])})
            configuration = Configuration.from_dict(values["configuration"])
            return cls(**{**values, "sample": sample, "configuration": configuration})
        except (KeyError, TypeError) as error:
            raise UserError(f"not the specification of a run: {error}") from error
