"""gradsign: how well the images agree on which way each weight should go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eproxy_engine.baselines.registry import zero_cost_proxy

if TYPE_CHECKING:
    from torch import Tensor

    from eproxy_engine.baselines.classifier import Classifier


@zero_cost_proxy(
    "gradsign",
    title="GradSign",
    source="Zhang and Jia 2022, GradSign (arXiv 2110.08616), algorithm 1",
    cost="one forward and one backward pass of every image alone",
    passes=6,
    assumes="Normalisations see one image at a time, so each image has its own gradient. Grows with the number of "
    "weights.",
    keeps_modules=True,
)
def gradsign(network: Classifier, images: Tensor, labels: Tensor) -> float:
    """Sum over weights of |Σ over images of sign ∂L/∂w|, L being the loss of one image.

    Images are processed one by one: all at once (vmap) keeps a gradient of the weights for each, and is slower on a
    core for large networks.
    """
    import torch

    votes = [torch.zeros_like(layer.weight) for layer in network.weighted_layers()]
    for image, label in zip(images.split(1), labels.split(1), strict=True):
        for vote, gradient in zip(votes, network.gradients(network.loss(image, label)), strict=True):
            vote += gradient.sign()
    return sum(vote.abs().sum().item() for vote in votes)
