"""Loss landscapes with and without the barrier (§3.1, A.7; Li et al. 2018b). Importing this does not import torch.

:class:`View` specifies the plane and the grid, :class:`Part` is a piece of a landscape that is computed at once, and
:class:`Landscape` assembles the pieces.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

from eproxy_engine.landscape.landscape import Landscape, landscape
from eproxy_engine.landscape.measures import CURVATURE, MEASURES, Measures, measures
from eproxy_engine.landscape.part import Part
from eproxy_engine.landscape.view import View

__all__ = ["CURVATURE", "MEASURES", "Landscape", "Measures", "Part", "View", "landscape", "measures"]


class _AlsoAFunction(ModuleType):
    """This package, which is also ``ep.landscape(…)``: once it is imported, it bears that name in ``eproxy_engine``."""

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Do what :func:`eproxy_engine.api.landscapes.landscape` does."""
        return import_module("eproxy_engine.api").landscape(*arguments, **keywords)


sys.modules[__name__].__class__ = _AlsoAFunction
