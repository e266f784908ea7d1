"""Loss landscapes with and without the barrier (§3.1, A.7; Li et al. 2018b). Importing this does not import torch.

:class:`View` specifies the plane and the grid, :class:`Part` is a piece of a landscape that is computed at once, and
:class:`Landscape` assembles the pieces.
"""

from eproxy_engine.landscape.landscape import Landscape, landscape
from eproxy_engine.landscape.measures import CURVATURE, MEASURES, Measures, measures
from eproxy_engine.landscape.part import Part
from eproxy_engine.landscape.view import View

__all__ = ["CURVATURE", "MEASURES", "Landscape", "Measures", "Part", "View", "landscape", "measures"]
