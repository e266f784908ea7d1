"""The proxy configuration: everything that can be chosen about an Eproxy (§2.1, §2.2, A.1, A.5).

>>> from eproxy_engine.proxy import Configuration
>>> Configuration().replace("branches.0.c_mid", "512").branches[0].c_mid
512
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import yaml

from eproxy_engine.accepted import Between, OneOf, Some, WordOr
from eproxy_engine.documents import read_yaml
from eproxy_engine.errors import UserError, one_of, shown
from eproxy_engine.fields import Parts, Settings, setting
from eproxy_engine.proxy.choices import (
    BRANCH_WEIGHTS,
    CHANNELS,
    COEFFICIENTS,
    FEATURE_TITLES,
    FEATURES,
    FLOPS_NORMS,
    INIT_TITLES,
    INITIALISATIONS,
    KERNELS,
    LAST,
    PRECISIONS,
    STAGES,
    WIDTHS,
)
from eproxy_engine.proxy.evaluation import Evaluation
from eproxy_engine.proxy.reading import read_value

INITIALISATION = OneOf(INITIALISATIONS, INIT_TITLES)


@dataclass(frozen=True)
class Branch(Settings, what="branch"):
    """One stage output with its own transform layer, barrier layer and target."""

    stage: str = setting(
        "deepest",
        "Stage",
        OneOf(STAGES),
        help="Output that learns the target (§2.2, item 4).",
    )
    features: tuple[str, ...] = setting(
        ("wave_high",),
        "Target features",
        Some(FEATURES, "feature", FEATURE_TITLES),
        help="Their sum is the target (§2.2, item 2): outputs of an untrained network of six layers, sine waves of low "
        "(1/16 to 1/8), mid (to 1/4) or high frequency (to 1/2 cycles a pixel), or random signs.",
    )
    coefficient: float = setting(1.0, "Coefficient", OneOf(COEFFICIENTS), help="Multiplies the target (§2.2, item 2).")
    transform_kernel: int = setting(
        1, "Transform kernel", OneOf(KERNELS), help="Kernel size of the trained transform layer (§2.2, item 1)."
    )
    barrier_kernel: int = setting(
        3, "Barrier kernel", OneOf(KERNELS), help="Kernel size of the frozen barrier layer, if it is on (§2.2, item 1)."
    )
    c_mid: int = setting(
        64, "c_mid", OneOf(CHANNELS), help="Channels between transform and barrier layer (§2.2, item 1)."
    )
    c_out: int = setting(
        64, "c_out", OneOf(CHANNELS), help="Channels of the target with a barrier; without, they are c_mid."
    )


@dataclass(frozen=True)
class Configuration(Settings, what="configuration"):
    """One point of the proxy search space, with what the paper keeps fixed."""

    branches: tuple[Branch, ...] = setting(
        (Branch(),),
        "Branches",
        Parts(Branch, "branches"),
        help="Outputs that learn a target: the deepest stage, or what comes before the second or first downsampling "
        "(§2.2, item 4).",
    )
    barrier: bool = setting(
        True,
        "Barrier layer",
        help="Put a frozen random convolution between network and target (§2.1). Paper, Table 1: with learning rate 1 "
        "and ten iterations, ρ is 0.65 with it and 0.08 without, on wide networks.",
    )
    learning_rate: float = setting(
        1.0,
        "Learning rate",
        Between(1e-4, 10.0, step=0.1),
        help="SGD learning rate. Paper: 1.0. The paper searches 0.5 to 1.5 (§2.2) and compares 1, 0.1 and 0.01 "
        "(Table 1).",
    )
    network_init: str = setting(
        "default", "Network", INITIALISATION, help="Initial weights of network and transform layer (§2.2, item 3)."
    )
    barrier_init: str = setting(
        "default", "Barrier", INITIALISATION, help="Weights of the barrier: drawn once, never trained (§2.2, item 3)."
    )
    flops_weight: float = setting(
        0.0,
        "FLOPs weight α",
        Between(-0.5, 0.5, step=0.1),
        help="The loss is multiplied by 1 + α·FLOPs/FLOPs of the largest (§2.2, item 5). A negative α favours large "
        "architectures. Changing it never costs a training.",
    )
    flops_norm: str = setting(
        "possible",
        "Largest FLOPs",
        OneOf(FLOPS_NORMS, FLOPS_NORMS),
        help="What α's term divides by: the FLOPs of the largest architecture of the space, or, as in the authors' "
        "code, of the largest measured one. With the latter, α weighs twice as much on NAS-Bench-MR, up to 1.5 times "
        "on NDS, and the same on the other benchmarks.",
        later=True,
    )
    branch_weights: str = setting(
        "equal",
        "Branch weights",
        OneOf(BRANCH_WEIGHTS),
        help="Weights of several branches in the score: equal, or halved with each branch from the deepest on.",
    )
    read_out: int | str = setting(
        LAST,
        "Read-out",
        WordOr((LAST,), Between(1, 1000)),
        help="Iteration whose loss is the score; a number beyond the last iteration means the last. Paper: the last. "
        "Changing it never costs a training. Read at the third, ten iterations score as three do.",
        later=True,
    )
    iterations: int = setting(10, "Iterations", Between(1, 1000), help="Number of updates. Paper: 10 (A.1).")
    batch: int = setting(16, "Images", Between(1, 256), help="Images in the one mini-batch. Paper: 16 (A.1).")
    momentum: float = setting(
        0.9, "Momentum", Between(0.0, 0.999, step=0.05), help="SGD momentum. Not in the paper; the authors used 0.9."
    )
    weight_decay: float = setting(
        1e-5,
        "Weight decay",
        Between(0.0, 0.1, step=1e-5),
        help="SGD weight decay of convolution and linear weights. Paper: 1e-5 (A.1) and 4e-5 (listing A.5).",
    )
    width: int | str = setting(
        "small",
        "Width of the network",
        WordOr(WIDTHS, Between(4, 512)),
        help="Stem channels: small or published (what the space calls them), or a number. The time of an evaluation "
        "grows with its square.",
    )
    precision: str = setting(
        "float32",
        "Precision",
        OneOf(PRECISIONS),
        help="Precision of convolutions. bfloat16 is faster on processors that support it (Intel Sapphire Rapids, AMD "
        "Zen 4, NVIDIA Ampere, and newer) and about ten times slower on others. Its scores differ and are kept apart.",
        later=True,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        stages = [branch.stage for branch in self.branches]
        if not 1 <= len(stages) <= len(STAGES) or len(set(stages)) < len(stages):
            raise UserError(
                f"branches at {stages}; accepted: one to three, each at its own stage of {', '.join(STAGES)}"
            )

    @property
    def sees_idle_layers(self) -> bool:
        """A layer that leads nowhere neither changes the output nor gets a gradient."""
        return False

    @property
    def compilable(self) -> bool:
        """Kernels compute in single precision, sixteen images at a time."""
        return self.precision == "float32" and self.batch % 16 == 0

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
            flops_norm=self.flops_norm if self.flops_weight else "possible",
            read_out=self.read_out if isinstance(self.read_out, int) and self.read_out < self.iterations else LAST,
        )

    def training_part(self) -> Configuration:
        """The canonical configuration without what only reads finished losses (α, branch weights, read-out)."""
        trained = self.canonical()
        return replace(trained, flops_weight=0.0, flops_norm="possible", branch_weights="equal", read_out=LAST)

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
        """Return minus L·(1 + α·norm(FLOPs)), with the loss L of the read-out iteration (§2.2, item 5).

        Args:
            losses: As of :meth:`curve`. Where they end before the read-out iteration, L is the last of them.
            flops_norm: FLOPs of the architecture over those of the largest (:data:`FLOPS_NORMS`).
        """
        read = losses[: self.read_out] if isinstance(self.read_out, int) else losses
        return -self.curve(read)[-1] * (1 + self.flops_weight * flops_norm)

    def flaw(self, losses: tuple[tuple[float, ...], ...]) -> str | None:
        """Why these cannot be the losses of a training with this configuration."""
        *before, last = losses or ((),)
        if any(len(row) != len(self.branches) for row in (*before, last)):
            return "has losses of another shape"
        finite = [all(map(math.isfinite, row)) for row in (*before, last)]
        complete = len(losses) == self.iterations or (len(losses) < self.iterations and not finite[-1])
        return None if complete and all(finite[:-1]) else "does not end where its training does"

    def to_yaml(self) -> str:
        """The configuration as a YAML document."""
        return yaml.safe_dump(self.as_dict(), sort_keys=False)

    @classmethod
    def from_yaml(cls, text: str) -> Configuration:
        """The configuration in a YAML (or JSON) document. Raises UserError."""
        return cls.from_dict(read_yaml(text))

    def replace(self, key: str, text: str) -> Configuration:
        """With one value, such as ``learning_rate`` or ``branches.0.c_mid``, set from text. Raises UserError."""
        values = self.all_values()
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
