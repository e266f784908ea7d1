"""grad_norm: how large the gradient is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eproxy_engine.baselines.registry import zero_cost_proxy

if TYPE_CHECKING:
    from torch import Tensor

    from eproxy_engine.baselines.classifier import Classifier


@zero_cost_proxy(
    "grad_norm",
    title="Gradient norm",
    source="Abdelfattah et al. 2021, Zero-Cost Proxies for Lightweight NAS (arXiv 2101.08134), §3.2",
    cost="one forward and one backward pass",
    passes=3,
    assumes="Grows with size and depth; depends on the initialisation's scale.",
    keeps_modules=True,
    compilable=True,
)
def grad_norm(network: Classifier, images: Tensor, labels: Tensor) -> float:
    """Sum over layers of the Euclidean norm of the weights' gradient."""
    return sum(gradient.norm().item() for gradient in network.loss_gradients(images, labels))
