"""Observing the outputs of modules without keeping them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from torch import nn


@contextmanager
def seeing(modules: Iterable[nn.Module], see: Callable[[object], None]) -> Iterator[None]:
    """Call ``see`` with each output of these modules within the block, in the order of computation."""
    hooks = [module.register_forward_hook(lambda module, inputs, output: see(output)) for module in modules]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()
