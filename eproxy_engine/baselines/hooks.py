"""Looking at what modules put out, without keeping more of it than is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from torch import nn


@contextmanager
def seeing(modules: Iterable[nn.Module], see: Callable[[object], None]) -> Iterator[None]:
    """Within it, ``see`` is called with each output of these modules, in the order of computation."""
    hooks = [module.register_forward_hook(lambda module, inputs, output: see(output)) for module in modules]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()
