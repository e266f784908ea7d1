"""synflow: how much passes through the network along all paths together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from eproxy_engine.baselines.registry import zero_cost_proxy

if TYPE_CHECKING:
    from torch import Tensor

    from eproxy_engine.baselines.classifier import Classifier


@zero_cost_proxy(
    "synflow",
    title="SynFlow",
    source="Tanaka et al. 2020, SynFlow (arXiv 2006.05467), summed over weights as in Abdelfattah et al. 2021, "
    "§3.2; its logarithm",
    cost="one forward and one backward pass of a single image in double precision",
    passes=0.5,
    assumes="Needs no data. Normalisations are left out, so it grows exponentially with depth. Activations are "
    "positively homogeneous, as ReLU is.",
    keeps_modules=True,
)
def synflow(network: Classifier, images: Tensor, labels: Tensor) -> float:
    """Logarithm of the sum over weights of w · ∂R/∂w.

    R is the sum of the outputs for an image of ones, with weights |w|.
    """
    import torch

    from eproxy_engine.baselines.normalisation import without_normalisation
    from eproxy_engine.baselines.precision import in_double_precision

    with without_normalisation(network), in_double_precision(network):
        for parameter in network.parameters():
            parameter.data.abs_()
        layers = network.weighted_layers()
        gradients = network.gradients(network(torch.ones_like(images[:1], dtype=torch.float64)).sum())
        total = sum((layer.weight * gradient).sum().item() for layer, gradient in zip(layers, gradients, strict=True))
    return math.log(total) if total > 0 else -math.inf
