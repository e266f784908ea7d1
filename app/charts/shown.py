"""A landscape as charts show it."""

from __future__ import annotations

from typing import NamedTuple

from eproxy_engine.landscape.landscape import Landscape


class Shown(NamedTuple):
    """One landscape of a chart."""

    title: str
    barrier: bool
    landscape: Landscape
