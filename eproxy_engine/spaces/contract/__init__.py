"""Promises of every search space, each tested by one small function.

A space must pass ``check_quickly`` to be registered; ``plugins check`` tests all ``promises()``.
"""

from __future__ import annotations

from eproxy_engine.spaces.contract.promise import Broken, Promise
from eproxy_engine.spaces.contract.values import VALUES, check_quickly

__all__ = ["VALUES", "Broken", "Promise", "check_quickly", "promises"]


def promises() -> tuple[Promise, ...]:
    """Return all promises: first about values, then about networks. Imports torch."""
    from eproxy_engine.spaces.contract.networks import NETWORKS

    return (*VALUES, *NETWORKS)
