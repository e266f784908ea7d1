"""The proxy configuration: everything that can be chosen about an Eproxy (§2.1, §2.2, A.1, A.5).

>>> from eproxy_engine.proxy import Configuration
>>> Configuration().replace("branches.0.c_mid", "512").branches[0].c_mid
512
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from typing import Any

import yaml

from eproxy_engine.documents import read_yaml
from eproxy_engine.errors import UserError, one_of, shown
from eproxy_engine.proxy.choices import (
    FEATURES,
    PRECISIONS,
    STAGES,
    check_choices,
    check_features,
    check_ranges,
    check_width,
)
from eproxy_engine.proxy.evaluation import Evaluation
from eproxy_engine.proxy.reading import known_keys, read_value


@dataclass(frozen=True)
class Branch:
    """One stage output with its own transform layer, barrier layer and target."""

    stage: str = "deepest"
    features: tuple[str, ...] = ("wave_high",)
    """Summed to make the target (§2.2, item 2)."""
    coefficient: float = 1.0
    """Multiplies the target."""
    transform_kernel: int = 1
    barrier_kernel: int = 3
    c_mid: int = 64
    """Channels between transform and barrier layer."""
    c_out: int = 64
    """Channels of the target; without a barrier the target has ``c_mid``."""

    def __post_init__(self) -> None:
        check_choices(self)
        check_features(self.features)


@dataclass(frozen=True)
class Configuration:
    """One point of the proxy search space, with what the paper keeps fixed."""

    branches: tuple[Branch, ...] = field(default_factory=lambda: (Branch(),))
    barrier: bool = True
    learning_rate: float = 1.0
    network_init: str = "default"
    barrier_init: str = "default"
    flops_weight: float = 0.0
    """α of the loss L·(1 + α·norm(FLOPs)): a negative one favours architectures with many FLOPs."""
    branch_weights: str = "equal"
    """Weights of the branches' losses in the score: all 1, or 1/2^i from the deepest on."""
    iterations: int = 10
    batch: int = 16
    momentum: float = 0.9
    weight_decay: float = 1e-5
    width: int | str = "small"
    """Stem channels of the backbone: a number, or ``small`` or ``published`` for what the space says."""
    precision: str = "float32"
    """``bfloat16`` is quicker where the processor computes in it, and far slower where it does not."""

    def __post_init__(self) -> None:
        check_choices(self)
        check_ranges(self)
        if not isinstance(self.barrier, bool):
            raise UserError(f"barrier is {self.barrier!r}; accepted: on, off")
        stages = [branch.stage for branch in self.branches]
        if not 1 <= len(stages) <= len(STAGES) or len(set(stages)) < len(stages):
            raise UserError(
                f"branches at {stages}; accepted: one to three, each at its own stage of {', '.join(STAGES)}"
            )
        check_width(self.width)

    @property
    def sees_idle_layers(self) -> bool:
        """A layer that leads nowhere neither changes the output nor gets a gradient."""
        return False

    def canonical(self) -> Configuration:
        """An equal configuration in standard form: what has no effect is at its default, branches are in order."""
        branches = []
        for branch in sorted(self.branches, key=lambda b: STAGES.index(b.stage)):
            ordered = tuple(sorted(branch.features, key=FEATURES.index))
            branch = replace(branch, features=ordered)
            if not self.barrier:
                branch = replace(branch, barrier_kernel=Branch.barrier_kernel, c_out=Branch.c_out)
            branches.append(branch)
        return replace(
            self,
            branches=tuple(branches),
            barrier_init=self.barrier_init if self.barrier else "default",
            branch_weights=self.branch_weights if len(branches) > 1 else "equal",
        )

    def training_part(self) -> Configuration:
        """The canonical configuration without what only weighs the finished losses (α, branch weights)."""
        return replace(self.canonical(), flops_weight=0.0, branch_weights="equal")

    def with_width(self, width: int) -> Configuration:
        """The same on a backbone with that many stem channels."""
        return replace(self, width=width)

    def digest(self) -> str:
        """Sixteen hexadecimal digits, equal for equal canonical configurations."""
        return _digest(self)

    def curve(self, losses: tuple[tuple[float, ...], ...]) -> list[float]:
        """Loss at each iteration, the branches weighted. ``losses``: of each iteration those of the branches."""
        halving = self.branch_weights == "halving"
        weights = [0.5**i if halving else 1.0 for i in range(len(self.branches))]
        return [sum(w * loss for w, loss in zip(weights, row, strict=True)) for row in losses]

    def score(self, losses: tuple[tuple[float, ...], ...], flops_norm: float) -> float:
        """Minus L·(1 + α·norm(FLOPs)) with the last loss L (§2.2, item 5). ``losses``: as of :meth:`curve`."""
        return -self.curve(losses)[-1] * (1 + self.flops_weight * flops_norm)

    def flaw(self, losses: tuple[tuple[float, ...], ...]) -> str | None:
        """Why these cannot be the losses of a training with this configuration."""
        *before, last = losses or ((),)
        if any(len(row) != len(self.branches) for row in (*before, last)):
            return "has losses of another shape"
        finite = [all(map(math.isfinite, row)) for row in (*before, last)]
        complete = len(losses) == self.iterations or (len(losses) < self.iterations and not finite[-1])
        return None if complete and all(finite[:-1]) else "does not end where its training does"

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON and YAML; :meth:`from_dict` takes them back."""
        values = self._values()
        if self.precision == PRECISIONS[0]:
            del values["precision"]  # as it was before there was a choice: what is stored stays known
        return values

    def _values(self) -> dict[str, Any]:
        values = asdict(self)
        return values | {"branches": [{**b, "features": list(b["features"])} for b in values["branches"]]}

    @classmethod
    def from_dict(cls, values: Any) -> Configuration:
        """The configuration of plain values; what is missing has its default. Raises UserError."""
        given = known_keys(cls, values, "configuration")
        if "branches" in given:
            if not isinstance(given["branches"], list | tuple):
                raise UserError(f"branches is {shown(given['branches'])}; accepted: a list of branches")
            given["branches"] = tuple(_branch(branch) for branch in given["branches"])
        return cls(**given)

    def to_yaml(self) -> str:
        """The configuration as a YAML document."""
        return yaml.safe_dump(self.as_dict(), sort_keys=False)

    @classmethod
    def from_yaml(cls, text: str) -> Configuration:
        """The configuration in a YAML (or JSON) document. Raises UserError."""
        return cls.from_dict(read_yaml(text))

    def replace(self, key: str, text: str) -> Configuration:
        """With one value, such as ``learning_rate`` or ``branches.0.c_mid``, set from text. Raises UserError."""
        values = self._values()
        *path, last = key.split(".")
        place: Any = values
        for step in path:
            place = _step(place, step, key)
        _step(place, last, key)
        place[int(last) if isinstance(place, list) else last] = read_value(text)
        return Configuration.from_dict(values)


def configuration_of(evaluation: Evaluation) -> Configuration:
    """What is computed in an evaluation that is one of Eproxy."""
    assert isinstance(evaluation.configuration, Configuration)
    return evaluation.configuration


@lru_cache(maxsize=10_000)
def _digest(configuration: Configuration) -> str:
    """Kept, as every evaluation of a configuration asks for it."""
    text = json.dumps(configuration.canonical().as_dict(), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _step(place: Any, step: str, key: str) -> Any:
    if isinstance(place, list) and step in map(str, range(len(place))):
        return place[int(step)]
    if isinstance(place, dict) and step in place:
        return place[step]
    accepted = (
        range(len(place)) if isinstance(place, list) else place if isinstance(place, dict) else ["nothing below it"]
    )
    raise UserError(one_of(step, accepted, f"part of the configuration key {shown(key)}:"))


def _branch(values: Any) -> Branch:
    given = known_keys(Branch, values, "branch")
    if "features" in given:
        features = given["features"]
        given["features"] = tuple(features) if isinstance(features, list | tuple) else (features,)
    return Branch(**given)
