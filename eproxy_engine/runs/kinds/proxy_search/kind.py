"""Proxy search as a kind of run."""

from __future__ import annotations

from eproxy_engine.runs.kind import Kind
from eproxy_engine.runs.kinds.proxy_search.command import command
from eproxy_engine.runs.kinds.proxy_search.cost import cost
from eproxy_engine.runs.kinds.proxy_search.headline import headline
from eproxy_engine.runs.kinds.proxy_search.plan import ProxySearchPlan
from eproxy_engine.runs.kinds.proxy_search.specification import ProxySearchSpecification

KIND = Kind(ProxySearchSpecification, ProxySearchPlan, cost, command, headline)
