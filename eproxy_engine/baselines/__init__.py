"""Proxies that Eproxy is compared with: zero-cost proxies, size, early stopping.

Importing this package does not import torch. One decorator adds a proxy of your own; see docs/your-own-proxy.md.
"""

from eproxy_engine.baselines.baseline import Baseline
from eproxy_engine.baselines.registry import ZeroCostProxy, get, names, zero_cost_proxy

__all__ = ["Baseline", "ZeroCostProxy", "get", "names", "zero_cost_proxy"]
