"""What the proxies of AZ-NAS (Lee and Ham 2024, arXiv 2403.19232) have in common."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from eproxy_engine.baselines.blocks import block_outputs, joined
from eproxy_engine.baselines.classifier import Classifier

EPSILON = 1e-8
"""Keeps the logarithm of an eigenvalue of 0 finite (authors' code)."""


def outputs_of_noise(network: Classifier, images: Tensor) -> list[list[Tensor]]:
    """Outputs of the primary blocks for Gaussian noise in the shape of ``images``; the weights are drawn anew,
    normal after Kaiming."""

    def draw(weight: Tensor) -> None:
        weight.data.copy_(nn.init.kaiming_normal_(torch.empty(weight.shape)))

    network.initialise(draw)
    return block_outputs(network, torch.randn(images.shape).to(images))


def entropies(network: Classifier, images: Tensor) -> list[float]:
    """Of the outputs of the primary blocks, from the first to the last: see :func:`entropy`."""
    with torch.no_grad():
        return [entropy(joined(output)) for output in outputs_of_noise(network, images)]


def entropy(features: Tensor) -> float:
    """Of the normalised eigenvalues of the channels' covariance over images and places, ``[b, c, h, w]`` -> nats.

    Between 0 (all channels move together) and log c (they are uncorrelated, of equal variance). Not a number if no
    channel varies.
    """
    rows = features.transpose(0, 1).flatten(1)
    rows = rows - rows.mean(dim=1, keepdim=True)
    covariance = (rows @ rows.T / rows.shape[1]).double()
    eigenvalues = torch.linalg.eigvalsh(covariance).clamp(min=0)
    shares = eigenvalues / eigenvalues.sum()
    return -(shares * (shares + EPSILON).log()).sum().item()
