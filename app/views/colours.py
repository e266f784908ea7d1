"""Colour of a proxy on every page."""

from __future__ import annotations

from app.charts import palette
from eproxy_engine.proxy import Configuration
from eproxy_engine.scoring import Proxy, first_of


def proxy_colour(proxy: Proxy) -> str:
    """Return the colour of a proxy: by its barrier for Eproxy, one colour for all others."""
    member = first_of(proxy)
    if not isinstance(member, Configuration):
        return palette.OTHER_PROXY
    return palette.BARRIER if member.barrier else palette.NO_BARRIER
