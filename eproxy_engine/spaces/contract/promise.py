"""The form of a promise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from eproxy_engine.spaces.interface import SearchSpace


class Broken(ValueError):
    """A space does not keep a promise; the message is one line that shows the value."""


@dataclass(frozen=True)
class Promise:
    """Something that holds for every search space."""

    title: str
    test: Callable[[SearchSpace, np.random.Generator], None]
    """Raises Broken, or whatever the space itself raises. What it draws, it draws from the generator."""
    times: int = 1
    """How often it has to hold, on other draws each time."""
    advice: bool = False
    """Whether a space that does not keep it can be used all the same."""

    def check(self, space: SearchSpace) -> None:
        """Test it as often as it has to hold. Raises what :attr:`test` raises."""
        for seed in range(self.times):
            self.test(space, np.random.default_rng(seed))


def expect(holds: object, message: str) -> None:
    """Raise Broken with ``message``, in one line, unless ``holds``."""
    if not holds:
        raise Broken(" ".join(message.split()))
