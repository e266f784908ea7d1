"""Networks that are ready to be measured, the last ones kept for the next proxy of the same architecture."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

from eproxy_engine.baselines.classifier import Classifier


@dataclass(frozen=True, eq=False)
class _Kept:
    """A network, and the values that its parameters and buffers had at first."""

    identity: Hashable
    network: Classifier
    values: list[Tensor]
    first: list[Tensor]

    @classmethod
    def of(cls, identity: Hashable, network: Classifier) -> _Kept:
        values = [each.data for each in (*network.parameters(), *network.buffers())]
        return cls(identity, network, values, [each.clone() for each in values])

    def set_back(self) -> None:
        torch._foreach_copy_(self.values, self.first)


MOST_KEPT = 2
"""Networks that are kept: one of torch, one of the kernels."""
_kept: list[_Kept] = []


@contextmanager
def as_built(identity: Hashable, build: Callable[[], Classifier]) -> Iterator[Classifier]:
    """Yield a network as ``build`` makes it, for one thread alone, which may change values but no modules.

    One of the last networks is used again if it has the same ``identity``, unless an exception ended its last use.
    """
    kept = next((each for each in _kept if each.identity == identity), None)
    try:
        _kept.remove(kept)  # type: ignore[arg-type]
    except ValueError:  # there is none, or another thread has just taken it
        kept = _Kept.of(identity, build())
    else:
        assert kept is not None
        kept.set_back()
    yield kept.network
    _kept[:] = [*_kept[1 - MOST_KEPT :], kept]
