"""Result of a proxy search in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eproxy_engine.runs.kinds.in_words import counted, digits, rho_of
from eproxy_engine.runs.kinds.proxy_search.specification import ProxySearchSpecification


def headline(given: ProxySearchSpecification, result: Mapping[str, Any]) -> str:
    """Say how the proxy found does on held-out architectures; on its own sample only if nothing was held out."""
    if "judged" in result:
        return f"{rho_of(result)} held out, n = {result['n']:,}"
    tried = counted(result["trials"], "trial")
    return f"ρ {digits(result['sample_rho'])} on its own sample (optimistic), {tried}, not judged"
