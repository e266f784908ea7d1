"""One evaluation: a proxy, in one setting, on one architecture (§2.1, A.1, A.5).

An :class:`Evaluation` is a plain value that says what to compute; its ``key`` identifies the result.
Everything random in it is drawn from streams named by its seed, so the result depends on the key alone.
Carrying it out is the business of :mod:`eproxy_engine.scoring.computing`; this module does not import torch.
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
from eproxy_engine.spaces import SearchSpace

ENGINE_VERSION = 1
"""Part of every key: raise it whenever a change makes some evaluation come out different."""


LONGEST_NOTE = 300
"""Characters of what an evaluation has to say."""

Values = tuple[tuple[float, ...], ...]


class Setting(Hashable, Protocol):
    """What is computed of an architecture, with all that can be chosen about it: a proxy (Eproxy's configuration, or
    another one), or a part of a loss landscape; a frozen dataclass."""

    @property
    def width(self) -> int | str:
        """Stem channels of the backbone: a number, or what the space calls ``small`` or ``published``."""

    @property
    def batch(self) -> int:
        """Images that it sees."""

    @property
    def sees_idle_layers(self) -> bool:
        """Whether layers that lead nowhere change what it measures."""

    def training_part(self) -> Self:
        """Its standard form, without what only weighs the finished values."""

    def with_width(self, width: int) -> Self:
        """The same on a backbone with that many stem channels."""

    def digest(self) -> str:
        """Sixteen hexadecimal digits, equal for equal standard forms."""

    def flaw(self, values: Values) -> str | None:
        """Why these cannot be the values of an evaluation."""


class Proxy(Setting, Protocol):
    """A setting whose values rank architectures."""

    def score(self, values: Values, flops_norm: float) -> float:
        """Higher is better; −inf if something is not finite. ``flops_norm``: as of :meth:`Outcome.score`."""


@dataclass(frozen=True)
class Evaluation:
    """What to compute. Made by :meth:`of`, which puts every part in standard form."""

    space: str
    architecture: str
    """Representative of all architectures with an equal network (``SearchSpace.equivalent``), unless the proxy sees
    layers that lead nowhere."""
    configuration: Setting
    """The training part, with the width as a number."""
    images: str
    seed: int
    images_identity: str

    @classmethod
    def of(cls, space: str, architecture: str, configuration: Setting, source: str, seed: int) -> Evaluation:
        """The evaluation of ``architecture``. Raises UserError if space, architecture or image source are not known."""
        family = spaces.get(space)
        text = _canonical if configuration.sees_idle_layers else _representative
        training = _training_part(configuration, family.stem_channels(configuration.width))
        return cls(space, text(family, architecture), training, source, seed, images.identity(source))

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


@lru_cache(maxsize=100_000)
def _canonical(family: SearchSpace, architecture: str) -> str:
    return str(family.parse(architecture))


@lru_cache(maxsize=100_000)
def _representative(family: SearchSpace, architecture: str) -> str:
    """Kept, as all proxies of a comparison and all trials of a search ask for those of the same architectures."""
    return str(family.equivalent(family.parse(architecture)))


@lru_cache(maxsize=1000)
def _training_part(configuration: Setting, width: int) -> Setting:
    """Kept, as all architectures of a sample share it."""
    return configuration.training_part().with_width(width)


@dataclass(frozen=True)
class Outcome:
    """What an evaluation gave."""

    values: Values
    """Of Eproxy the loss of each branch (deepest first) before every update, up to the first that is not finite; of
    another proxy one row with its value."""
    seconds: float
    peak_bytes: float | None = None
    """Memory of the process (of the GPU, on one) at its highest meanwhile; None where that cannot be read."""
    note: str | None = None
    """One line on what went wrong, or was done otherwise because of it."""

    @property
    def diverged(self) -> bool:
        """Whether some value was not finite: a training diverged, or another proxy failed."""
        return not all(math.isfinite(value) for value in self.values[-1])

    def score(self, configuration: Proxy, flops_norm: float) -> float:
        """What the proxy says; −inf if diverged.

        ``flops_norm``: FLOPs of the architecture over those of the largest of its space.
        """
        return -math.inf if self.diverged else configuration.score(self.values, flops_norm)
