"""A promise of a search space, and the error for a broken one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from eproxy_engine.spaces.interface import SearchSpace


class Broken(ValueError):
    """Error for a search space that breaks a promise; the message is one line that shows the value."""


@dataclass(frozen=True)
class Promise:
    """A property that every search space must have."""

    title: str
    test: Callable[[SearchSpace, np.random.Generator], None]
    """Raises Broken, or whatever the space itself raises. Draws only from the generator."""
    times: int = 1
    """Number of tests, each on different draws."""
    advice: bool = False
    """Whether a space that breaks the promise can still be used."""

    def check(self, space: SearchSpace) -> None:
        """Test ``space`` :attr:`times` times. Raises what :attr:`test` raises."""
        for seed in range(self.times):
            self.test(space, np.random.default_rng(seed))


def expect(holds: object, message: str) -> None:
    """Raise Broken with ``message`` in one line unless ``holds``."""
    if not holds:
        raise Broken(" ".join(message.split()))
