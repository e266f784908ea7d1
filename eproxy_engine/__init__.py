"""Eproxy Studio as a library: an extensible training-free proxy for architecture search (Li et al. 2022).

>>> import eproxy_engine as ep
>>> ep.evaluate("nasbench201", 5, "parameters", progress=False).n
5

It logs under the name ``eproxy_engine``, and is silent unless the program sets up :mod:`logging`.
"""

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from eproxy_engine.api import compare, evaluate, landscape, rank, score, search_architecture, search_proxy

__version__ = "0.2.0"
__all__ = ["compare", "evaluate", "landscape", "rank", "score", "search_architecture", "search_proxy"]

logging.getLogger(__name__).addHandler(logging.NullHandler())  # programs that use the library decide what they show


def __getattr__(name: str) -> Any:
    """Import a function of the library when it is first used (PEP 562): this package itself imports nothing."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("eproxy_engine.api"), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
