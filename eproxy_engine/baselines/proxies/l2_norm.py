"""l2_norm: how large the weights are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eproxy_engine.baselines.registry import zero_cost_proxy

if TYPE_CHECKING:
    from torch import Tensor

    from eproxy_engine.baselines.classifier import Classifier


@zero_cost_proxy(
    "l2_norm",
    title="L2 norm",
    source="Krishnakumar et al. 2022, NAS-Bench-Suite-Zero (arXiv 2210.03230), after Abdelfattah et al. 2021",
    cost="no pass at all",
    passes=0,
    assumes="Mostly counts layers: with PyTorch's default initialisation a layer's norm is about √(outputs / 3), "
    "whatever its inputs and kernel. Sees neither images nor how layers are connected.",
    keeps_modules=True,
)
def l2_norm(network: Classifier, images: Tensor, labels: Tensor) -> float:
    """Sum over layers of the Euclidean norm of the weights."""
    return sum(layer.weight.norm().item() for layer in network.weighted_layers())
