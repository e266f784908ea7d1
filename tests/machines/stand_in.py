"""A device that is not the CPU, on any machine.

PyTorch's ``meta`` device computes shapes and no values. Here it stands in for a GPU: to mix its tensors with some that
were left on the CPU raises an error, so what forgets a ``.to(place)`` fails as it does on a GPU. What a program has to
know of the values to go on (a loss, whether two tensors are equal) is one, everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from eproxy_engine.baselines import measuring
from eproxy_engine.landscape import computing
from eproxy_engine.landscape.scene import scene
from eproxy_engine.proxy import network, together, training

PLACE = "meta"
aten = torch.ops.aten
FROM_ANYWHERE = (aten._to_copy.default, aten.copy_.default, aten.index.Tensor, aten.index_put_.default)
"""What a GPU takes tensors of the CPU for: copies, and places in a tensor."""


class Elsewhere(TorchDispatchMode):
    """Within it, ``meta`` behaves as a GPU does that computes nothing but ones."""

    def __torch_dispatch__(self, operation: Any, types: Any, given: Any = (), named: Any = None) -> Any:
        named = named or {}
        tensors = [each for each in tree_leaves((given, named)) if isinstance(each, Tensor)]
        if not any(each.is_meta for each in tensors):
            return operation(*given, **named)
        if operation not in FROM_ANYWHERE and any(each.dim() and not each.is_meta for each in tensors):
            raise RuntimeError(f"{operation} of tensors on the stand-in and on the CPU")
        return OWN.get(operation, operation)(*given, **named)


def _copied(x: Tensor, **to: Any) -> Tensor:
    if x.is_meta and to.get("device") == torch.device("cpu"):
        return torch.ones(x.shape, dtype=to.get("dtype") or x.dtype)
    return aten._to_copy(x, **to)


def _filled(to: Tensor, x: Tensor, *how: Any) -> Tensor:
    return to if to.is_meta else to.fill_(1)


def _chosen(x: Tensor, places: list[Tensor | None]) -> Tensor:
    """All of it, where a mask chooses."""
    masked = any(place is not None and place.dtype == torch.bool for place in places)
    return x.flatten() if masked else aten.index(x, places)


def _normalised(x: Tensor, *given: Any) -> tuple[Tensor, Tensor, Tensor]:
    return torch.empty_like(x), x.new_empty(x.shape[1]), x.new_empty(x.shape[1])


OWN: dict[Any, Callable[..., Any]] = {
    aten._local_scalar_dense.default: lambda x: torch.ones((), dtype=x.dtype).item(),
    aten.equal.default: lambda one, other: False,
    aten._to_copy.default: _copied,
    aten.copy_.default: _filled,
    aten.index.Tensor: _chosen,
    aten._unique2.default: lambda x, *how: (x.flatten(), x, x),
    aten.unique_dim.default: lambda x, *how: (x, x, x),
    aten._fused_sgd_.default: lambda *given, **named: None,
    aten.native_batch_norm.default: _normalised,
    aten.native_batch_norm_backward.default: lambda gradient, *given: _normalised(gradient),
}
"""Where values are read or a shape depends on them; what ``meta`` does not know; normalisation, which takes it 5 ms."""


@contextmanager
def stand_in() -> Iterator[None]:
    """Within it, evaluations of every kind are computed on the stand-in, whatever device they are asked for."""
    with pytest.MonkeyPatch.context() as patched:
        for module in (training, together, computing, measuring):
            patched.setattr(module, "resolve_device", lambda device: PLACE)
        for module in (network, together):
            patched.setattr(module, "computing_in", lambda precision, device: nullcontext())  # autocast knows no meta
        scene.cache_clear()
        with Elsewhere():
            yield
        scene.cache_clear()
