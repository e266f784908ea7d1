"""zen: how much the features change with a little noise in the image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eproxy_engine.baselines.registry import zero_cost_proxy

if TYPE_CHECKING:
    from torch import Tensor

    from eproxy_engine.baselines.classifier import Classifier

PERTURBATION = 0.01


@zero_cost_proxy(
    "zen",
    title="Zen-score",
    source="Lin et al. 2021, Zen-NAS: A Zero-Shot NAS for High-Performance Image Recognition (arXiv 2102.01063), §3, "
    "algorithm 1",
    cost="two forward passes",
    passes=2,
    assumes="Batch normalisation after every convolution. Sees no images, only noise. Keeps skip connections, which "
    "the paper removes; grows with depth.",
)
def zen(network: Classifier, images: Tensor, labels: Tensor) -> float:
    """Logarithm of the mean change of the features before the last pooling, plus Σ log σ over normalisations.

    The change is that for images changed by 0.01 standard normal, summed over an image's features; σ² is the mean
    variance of a normalisation's input. Weights and images are standard normal. Normalisations of constants do not
    count, because they scale nothing.
    """
    import torch
    from torch import nn

    def draw(weight: Tensor) -> None:
        weight.data.copy_(torch.randn(weight.shape))

    network.initialise(draw)
    normalisations = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    for normalisation in normalisations:
        normalisation.momentum = 1.0  # makes the running variance that of the last batch
    noise, change = (torch.randn(images.shape).to(images) for _ in range(2))
    with torch.no_grad():
        before = features_before_pooling(network, noise)
        variances = [n.running_var.mean() for n in normalisations if n.running_var is not None]
        after = features_before_pooling(network, noise + PERTURBATION * change)
        difference = (after - before).abs().flatten(1).sum(dim=1).mean().log()
    return difference.item() + sum(0.5 * variance.log().item() for variance in variances if variance > 0)


def features_before_pooling(network: Classifier, images: Tensor) -> Tensor:
    """Return the input ``[b, c, h, w]`` of the head's pooling if the head is a chain; else the deepest stage output."""
    from torch import nn

    x = features = network.features(images)
    if isinstance(network.head, nn.Sequential):
        for layer in network.head:
            if isinstance(layer, nn.AdaptiveAvgPool2d):
                return x
            x = layer(x)
    return features
