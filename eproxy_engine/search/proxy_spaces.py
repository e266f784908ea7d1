"""Named proxy search spaces."""

from __future__ import annotations

from eproxy_engine.search.proxy_space import ProxySpace

PROXY_SPACES = {"paper": ProxySpace()}
