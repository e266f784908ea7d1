"""One evaluation: a proxy, in one setting, on one architecture (§2.1, A.1, A.5).

An :class:`Evaluation` is a plain value that specifies what to compute; its ``key`` identifies the result.
All randomness comes from streams named by its seed, so the result depends on the key alone.
:mod:`eproxy_engine.scoring.computing` computes it; this module does not import torch.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol, Self

from eproxy_engine import images, spaces
from eproxy_engine.errors import UserError
from eproxy_engine.spaces import SearchSpace

ENGINE_VERSION = 1
"""Part of every key: raise it whenever a change alters the result of any evaluation."""

TORCH, NATIVE = "torch", "native-2"
"""Arithmetics: operation by operation in torch, or by compiled kernels on a CPU (:mod:`eproxy_engine.native`).

Raise the number of the latter whenever a change to the kernels alters roundings; it is part of the key.
"""
EARLIER = ("native",)
"""Arithmetics of earlier kernels. Runs keep what these computed, but nothing computes more of it."""
LONGEST_NOTE = 300
"""Maximum length of an outcome's note, in characters."""

Values = tuple[tuple[float, ...], ...]


class Setting(Hashable, Protocol):
    """Something to compute for an architecture, with its settings; a frozen dataclass.

    It is a proxy (Eproxy's configuration or another one) or a part of a loss landscape.
    """

    @property
    def width(self) -> int | str:
        """Stem channels of the backbone: a number, or the space's ``small`` or ``published``."""

    @property
    def batch(self) -> int:
        """Number of images."""

    @property
    def sees_idle_layers(self) -> bool:
        """Whether unused layers change the values."""

    @property
    def compilable(self) -> bool:
        """Whether compiled kernels may compute it."""

    def training_part(self) -> Self:
        """Return the standard form, without settings that only read the finished values."""

    def with_width(self, width: int) -> Self:
        """Return a copy with ``width`` stem channels."""

    def digest(self) -> str:
        """Return sixteen hexadecimal digits, equal for equal standard forms."""

    def flaw(self, values: Values) -> str | None:
        """Say why these cannot be the values of an evaluation; None if they can."""


class Proxy(Setting, Protocol):
    """A setting whose values rank architectures."""

    def score(self, values: Values, flops_norm: float) -> float:
        """Return the score; higher is better, not finite where what it reads is not.

        ``flops_norm``: as for :meth:`Outcome.score`.
        """


@dataclass(frozen=True)
class Evaluation:
    """Immutable specification of one computation. Make it with :meth:`of`, which puts every part in standard form."""

    space: str
    architecture: str
    """Representative of all architectures with an equal network (``SearchSpace.equivalent``), unless the proxy sees
    unused layers."""
    configuration: Setting
    """Training part of the setting, with the width as a number."""
    images: str
    seed: int
    images_identity: str
    arithmetic: str = TORCH
    """Who computes: their roundings differ, and training multiplies such differences."""

    @classmethod
    def of(
        cls, space: str, architecture: str, configuration: Setting, source: str, seed: int, arithmetic: str = TORCH
    ) -> Evaluation:
        """Specify the evaluation of an architecture.

        Args:
            space: Name of the search space.
            architecture: Text of the architecture.
            configuration: Proxy or part of a landscape.
            source: Image source, as for :func:`eproxy_engine.images.load_batch`.
            seed: Seed of all randomness.
            arithmetic: :data:`TORCH` or :data:`NATIVE`; what kernels cannot compute is always torch's.

        Raises:
            UserError: If space, architecture or image source are unknown.

        Example:
            >>> from eproxy_engine.proxy import preset
            >>> cell = "|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|"
            >>> evaluation = Evaluation.of("nasbench201", cell, preset("laptop"), "noise", seed=1)
            >>> len(evaluation.key)
            32
        """
        family = spaces.get(space)
        text = _canonical if configuration.sees_idle_layers else _representative
        training = _training_part(configuration, family.stem_channels(configuration.width))
        who = arithmetic if training.compilable else TORCH
        return cls(space, text(family, architecture), training, source, seed, images.identity(source), who)

    @property
    def by_kernels(self) -> bool:
        """Whether the kernels compute it. Raises UserError if only earlier ones could."""
        if self.arithmetic in EARLIER:
            raise UserError(
                f"this run was computed by earlier kernels ({self.arithmetic!r}), which are gone; launch it again, and "
                f"those of today ({NATIVE!r}) compute all of it"
            )
        return self.arithmetic == NATIVE

    @cached_property
    def key(self) -> str:
        """Identifier of the result: thirty-two hexadecimal digits."""
        parts = [
            ENGINE_VERSION,
            self.space,
            self.architecture,
            self.configuration.digest(),
            self.images_identity,
            self.seed,
            *([self.arithmetic] if self.arithmetic != TORCH else []),
        ]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


@lru_cache(maxsize=100_000)
def _canonical(family: SearchSpace, architecture: str) -> str:
    return str(family.parse(architecture))


@lru_cache(maxsize=100_000)
def _representative(family: SearchSpace, architecture: str) -> str:
    """Find the representative; cached, because all proxies and trials of a run need the same architectures."""
    return str(family.equivalent(family.parse(architecture)))


@lru_cache(maxsize=1000)
def _training_part(configuration: Setting, width: int) -> Setting:
    """Return the training part at ``width``; cached, because all architectures of a sample share it."""
    return configuration.training_part().with_width(width)


@dataclass(frozen=True)
class Outcome:
    """Result of an evaluation."""

    values: Values
    """For Eproxy, the loss of each branch (deepest first) before every update, up to the first that is not finite; for
    another proxy, one row with its value."""
    seconds: float
    peak_bytes: float | None = None
    """Peak memory of the process (or GPU) during the evaluation; None if it cannot be read."""
    note: str | None = None
    """What went wrong, or was done differently because of it, in one line."""

    @property
    def diverged(self) -> bool:
        """Whether a value is not finite: a training diverged, or another proxy failed."""
        return not all(math.isfinite(value) for value in self.values[-1])

    def score(self, configuration: Proxy, flops_norm: float) -> float:
        """Return the proxy's score; higher is better, −inf where what it reads diverged.

        Args:
            configuration: The proxy.
            flops_norm: FLOPs of the architecture over those of the largest (:func:`eproxy_engine.scoring.flops_norm`).
        """
        score = configuration.score(self.values, flops_norm)
        return score if math.isfinite(score) else -math.inf
