"""Named proxy search spaces."""

from __future__ import annotations

from eproxy_engine.proxy.choices import INITIALISATIONS
from eproxy_engine.search.proxy_space import ProxySpace

PAPER = ProxySpace()
"""§2.2, items 1 to 5, complete."""

LEAN = ProxySpace(
    transform_kernel=(1, 3),
    barrier_kernel=(1, 3),
    c_mid=(16, 32, 64, 128),
    c_out=(16, 32, 64, 128),
    barrier=(True, False),
    network_init=INITIALISATIONS,
    barrier_init=INITIALISATIONS,
    flops_weight=(0.0,),
)
"""What a processor affords: heads that cost less than the network, with or without barrier. α is left out, as choosing
it by twenty architectures made the ranking of others worse (docs/RESULTS.md)."""

PROXY_SPACES = {"paper": PAPER, "lean": LEAN}
