"""Helpers of the AZ-NAS proxies (Lee and Ham 2024, arXiv 2403.19232)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from eproxy_engine.baselines.blocks import joined
from eproxy_engine.baselines.classifier import Classifier

EPSILON = 1e-8
"""Keeps the logarithm of an eigenvalue of 0 finite (authors' code)."""


def noise_for(network: Classifier, images: Tensor) -> Tensor:
    """Redraw the weights (Kaiming normal) and draw noise in the shape of ``images``."""

    def draw(weight: Tensor) -> None:
        weight.data.copy_(nn.init.kaiming_normal_(torch.empty(weight.shape)))

    network.initialise(draw)
    return torch.randn(images.shape).to(images)


def entropies(network: Classifier, images: Tensor) -> list[float]:
    """Return the :func:`entropy` of each primary block's outputs, from the first to the last."""
    with torch.no_grad():
        return [entropy(joined(output)) for output in network.block_outputs(noise_for(network, images))]


def entropy(features: Tensor) -> float:
    """Compute the entropy of the normalised eigenvalues of the channels' covariance: ``[b, c, h, w]`` -> nats.

    The covariance is over images and places. The value is between 0 (all channels move together) and log c (they are
    uncorrelated, with equal variance); nan if no channel varies.
    """
    rows = features.transpose(0, 1).flatten(1)
    rows = rows - rows.mean(dim=1, keepdim=True)
    covariance = (rows @ rows.T / rows.shape[1]).double()
    eigenvalues = torch.linalg.eigvalsh(covariance).clamp(min=0)
    shares = eigenvalues / eigenvalues.sum()
    return -(shares * (shares + EPSILON).log()).sum().item()
