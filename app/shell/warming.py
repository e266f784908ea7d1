"""Modules that a page needs later, imported while nobody waits for them."""

from __future__ import annotations

import sys
from importlib import import_module
from threading import Timer

PAGE_IS_THERE = 3
"""Seconds after which the browser has drawn the page, and an import no longer holds it up."""
TORCH = "eproxy_engine.proxy.inputs"
"""The module that makes targets, and imports torch for it."""


def import_later(*modules: str) -> None:
    """Import modules in the background, once the page is there: what needs them need not wait then."""
    if not sys.modules.keys() >= set(modules):
        timer = Timer(PAGE_IS_THERE, _import, modules)
        timer.daemon = True
        timer.start()


def _import(*modules: str) -> None:
    for module in modules:
        import_module(module)
