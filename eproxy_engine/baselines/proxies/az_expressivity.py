"""az_expressivity: how evenly the features use their dimensions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eproxy_engine.baselines.registry import zero_cost_proxy

if TYPE_CHECKING:
    from torch import Tensor

    from eproxy_engine.baselines.classifier import Classifier


@zero_cost_proxy(
    "az_expressivity",
    title="AZ-NAS expressivity",
    source="Lee and Ham 2024, AZ-NAS: Assembling Zero-Cost Proxies (arXiv 2403.19232), §3.1, expressivity",
    cost="one forward pass",
    passes=1,
    assumes="Sees no images, only noise. Grows with the number of blocks and, as log c, with their channels.",
    keeps_modules=True,
    compilable=True,
)
def az_expressivity(network: Classifier, images: Tensor, labels: Tensor) -> float:
    """Sum over primary blocks of the entropy of their features' normalised principal components (nats)."""
    from eproxy_engine.baselines.az_nas import entropies

    return sum(entropies(network, images))
