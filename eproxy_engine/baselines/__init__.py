"""The proxies that Eproxy is compared with: zero-cost proxies, size, early stopping.

Importing it does not import torch. A proxy of your own needs one decorator; docs/your-own-proxy.md shows it.
"""

from eproxy_engine.baselines.baseline import Baseline
from eproxy_engine.baselines.registry import ZeroCostProxy, get, names, zero_cost_proxy

__all__ = ["Baseline", "ZeroCostProxy", "get", "names", "zero_cost_proxy"]
