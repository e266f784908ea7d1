"""Which colour a proxy has on every page."""

from __future__ import annotations

from app.charts import palette
from eproxy_engine.proxy import Configuration
from eproxy_engine.scoring import Proxy, first_of


def proxy_colour(proxy: Proxy) -> str:
    """Eproxy's by its barrier; one for all that it is compared with."""
    member = first_of(proxy)
    if not isinstance(member, Configuration):
        return palette.OTHER_PROXY
    return palette.BARRIER if member.barrier else palette.NO_BARRIER
