"""snip: how much the loss changes when single weights are removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eproxy_engine.baselines.registry import zero_cost_proxy

if TYPE_CHECKING:
    from torch import Tensor

    from eproxy_engine.baselines.classifier import Classifier


@zero_cost_proxy(
    "snip",
    title="SNIP",
    source="Lee et al. 2019, SNIP (arXiv 1810.02340), summed over weights as in Abdelfattah et al. 2021, §3.2",
    cost="one forward and one backward pass",
    passes=3,
    assumes="Grows with size and depth; depends on the initialisation's scale.",
    keeps_modules=True,
    compilable=True,
)
def snip(network: Classifier, images: Tensor, labels: Tensor) -> float:
    """Sum over weights of |w · ∂L/∂w|, the first-order change of the loss when w becomes zero."""
    gradients = network.loss_gradients(images, labels)
    layers = network.weighted_layers()
    return sum((layer.weight * gradient).abs().sum().item() for layer, gradient in zip(layers, gradients, strict=True))
