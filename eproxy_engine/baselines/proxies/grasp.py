"""grasp: how much the gradient's norm changes when weights are removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eproxy_engine.baselines.registry import zero_cost_proxy

if TYPE_CHECKING:
    from torch import Tensor

    from eproxy_engine.baselines.classifier import Classifier


@zero_cost_proxy(
    "grasp",
    title="GraSP",
    source="Wang et al. 2020, GraSP (arXiv 2002.07376), summed over weights as in Abdelfattah et al. 2021, §3.2",
    cost="one forward pass, one backward pass and another through both",
    passes=12,
    assumes="Layers can be differentiated twice. Weights before a normalisation add their squared gradient; the "
    "others can outweigh them with either sign.",
    keeps_modules=True,
)
def grasp(network: Classifier, images: Tensor, labels: Tensor) -> float:
    """Sum over weights of -w · (H g), g being the gradient and H the Hessian of the loss by the weights."""
    import torch

    gradients = network.gradients(network.loss(images, labels), create_graph=True)
    along_itself = torch.stack([(gradient * gradient.detach()).sum() for gradient in gradients]).sum()
    products = network.gradients(along_itself)
    layers = network.weighted_layers()
    return -sum((layer.weight * product).sum().item() for layer, product in zip(layers, products, strict=True))
