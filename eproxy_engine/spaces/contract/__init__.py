"""What every search space promises, one small function a promise.

``check_quickly`` is what a space has to pass to be registered; ``promises()`` are all, which ``plugins check`` tries.
"""

from __future__ import annotations

from eproxy_engine.spaces.contract.promise import Broken, Promise
from eproxy_engine.spaces.contract.values import VALUES, check_quickly

__all__ = ["VALUES", "Broken", "Promise", "check_quickly", "promises"]


def promises() -> tuple[Promise, ...]:
    """All promises: of the values first, then of the networks (this imports torch)."""
    from eproxy_engine.spaces.contract.networks import NETWORKS

    return (*VALUES, *NETWORKS)
