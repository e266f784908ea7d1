"""plain: SNIP without absolute values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eproxy_engine.baselines.registry import zero_cost_proxy

if TYPE_CHECKING:
    from torch import Tensor

    from eproxy_engine.baselines.classifier import Classifier


@zero_cost_proxy(
    "plain",
    title="Plain",
    source="Krishnakumar et al. 2022, NAS-Bench-Suite-Zero (arXiv 2210.03230), after Abdelfattah et al. 2021",
    cost="one forward and one backward pass",
    passes=3,
    assumes="Weights before a normalisation add nothing, because the loss does not depend on their scale: the value "
    "comes from the few others and is mostly chance.",
    keeps_modules=True,
    compilable=True,
)
def plain(network: Classifier, images: Tensor, labels: Tensor) -> float:
    """Sum over weights of w · ∂L/∂w."""
    gradients = network.loss_gradients(images, labels)
    layers = network.weighted_layers()
    return sum((layer.weight * gradient).sum().item() for layer, gradient in zip(layers, gradients, strict=True))
