"""One evaluation: few-shot training of one architecture under one proxy configuration (§2.1, A.1, A.5).

An :class:`Evaluation` is a plain value that says what to compute; its ``key`` identifies the result.
Everything random in it is drawn from streams named by its seed, so the loss curve depends on the key alone.
Training it is the business of :mod:`eproxy_engine.proxy.training`; this module does not import torch.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from eproxy_engine import images, spaces
from eproxy_engine.proxy.configuration import Configuration

ENGINE_VERSION = 1
"""Part of every key: raise it whenever a change makes some evaluation come out different."""


@dataclass(frozen=True)
class Evaluation:
    """What to train. Made by :meth:`of`, which puts every part in standard form."""

    space: str
    architecture: str
    """Representative of all architectures with an equal network (``SearchSpace.equivalent``)."""
    configuration: Configuration
    """The training part, with the width as a number."""
    images: str
    seed: int
    images_identity: str

    @classmethod
    def of(cls, space: str, architecture: str, configuration: Configuration, source: str, seed: int) -> Evaluation:
        """The evaluation of ``architecture``. Raises UserError if space, architecture or image source are not known."""
        family = spaces.get(space)
        representative = str(family.equivalent(family.parse(architecture)))
        training = _training_part(configuration, family.stem_channels(configuration.width))
        return cls(space, representative, training, source, seed, images.identity(source))

    @cached_property
    def key(self) -> str:
        """Thirty-two hexadecimal digits that identify the result."""
        parts = [
            ENGINE_VERSION,
            self.space,
            self.architecture,
            self.configuration.digest(),
            self.images_identity,
            self.seed,
        ]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


@lru_cache(maxsize=1000)
def _training_part(configuration: Configuration, width: int) -> Configuration:
    """Kept, as all architectures of a sample share it."""
    return replace(configuration.training_part(), width=width)


@dataclass(frozen=True)
class Outcome:
    """What an evaluation gave."""

    losses: tuple[tuple[float, ...], ...]
    """Loss of each branch (deepest first) before every update; ends at the first that is not finite."""
    seconds: float

    @property
    def diverged(self) -> bool:
        """Whether some loss was not finite."""
        return not all(math.isfinite(loss) for loss in self.losses[-1])

    def curve(self, configuration: Configuration) -> list[float]:
        """Loss at each iteration, branches weighted as the configuration says."""
        halving = configuration.branch_weights == "halving"
        weights = [0.5**i if halving else 1.0 for i in range(len(configuration.branches))]
        return [sum(w * loss for w, loss in zip(weights, row, strict=True)) for row in self.losses]

    def score(self, configuration: Configuration, flops_norm: float) -> float:
        """Minus L·(1 + α·norm(FLOPs)) with the last loss L (§2.2, item 5); −inf if diverged.

        ``flops_norm``: FLOPs of the architecture over those of the largest of its space.
        """
        if self.diverged:
            return -math.inf
        return -self.curve(configuration)[-1] * (1 + configuration.flops_weight * flops_norm)
