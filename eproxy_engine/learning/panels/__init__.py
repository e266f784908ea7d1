"""Panels: named lists of cheap scores, and those that ship computed."""

from eproxy_engine.learning.panels.panel import PANELS, Panel, panel
from eproxy_engine.learning.panels.shipped import ShippedScores, shipped

__all__ = ["PANELS", "Panel", "ShippedScores", "panel", "shipped"]
