"""az_progressivity: how steadily features gain in dimensions from block to block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eproxy_engine.baselines.registry import zero_cost_proxy

if TYPE_CHECKING:
    from torch import Tensor

    from eproxy_engine.baselines.classifier import Classifier


@zero_cost_proxy(
    "az_progressivity",
    title="AZ-NAS progressivity",
    source="Lee and Ham 2024, AZ-NAS: Assembling Zero-Cost Proxies (arXiv 2403.19232), §3.1, progressivity",
    cost="one forward pass",
    passes=1,
    assumes="Sees no images, only noise. One pair of blocks decides; nan for a network of one block.",
    keeps_modules=True,
    compilable=True,
)
def az_progressivity(network: Classifier, images: Tensor, labels: Tensor) -> float:
    """Smallest increase, from one primary block to the next, of the entropy of az_expressivity (nats)."""
    from itertools import pairwise

    from eproxy_engine.baselines.az_nas import entropies

    increases = [after - before for before, after in pairwise(entropies(network, images))]
    return min(increases) if increases else float("nan")
