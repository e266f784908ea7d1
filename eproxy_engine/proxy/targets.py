"""Targets: the synthetic labels Y that a branch learns (§2.1, §2.2 item 2, Fig. 4)."""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import Tensor, nn

from eproxy_engine.proxy.choices import GRID
from eproxy_engine.proxy.configuration import Branch

NET_WIDTHS = (3, 64, 128, 256, 512, 1024)
"""Channels through the untrained network, before its last layer."""
WAVE_BANDS = {"wave_low": (1 / 16, 1 / 8), "wave_mid": (1 / 8, 1 / 4), "wave_high": (1 / 4, 1 / 2)}
"""Bands in cycles per pixel; 1/2 is the highest frequency of the grid."""


def target(branch: Branch, channels: int, images: Tensor, generator: torch.Generator) -> Tensor:
    """Make the target of a branch: the sum of its features times its coefficient.

    Args:
        branch: The branch.
        channels: Channels of the target.
        images: Images ``[b, 3, h, w]``.
        generator: Source of randomness.

    Returns:
        Target ``[b, channels, 8, 8]``.
    """
    total = torch.zeros(len(images), channels, GRID, GRID)
    for feature in branch.features:
        total += FEATURE_MAKERS[feature](feature, channels, images, generator)
    return branch.coefficient * total


def _net(feature: str, channels: int, images: Tensor, generator: torch.Generator) -> Tensor:
    """Return the unscaled outputs of an untrained fully convolutional network of six layers on the images.

    The paper says no more; widths, batch normalisation and the two poolings are those of the authors' experiments.
    The small values matter: scaled to unit variance, they make a task on which the barrier changes little.
    """
    layers: list[nn.Module] = []
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.random.default_generator.manual_seed(int(torch.randint(2**62, (1,), generator=generator)))
        for place, (c_in, c_out) in enumerate(pairwise(NET_WIDTHS)):
            layers += [nn.Conv2d(c_in, c_out, 3, padding=1), nn.BatchNorm2d(c_out), nn.ReLU()]
            if place < 2:
                layers.append(nn.MaxPool2d(2))
        layers.append(nn.Conv2d(NET_WIDTHS[-1], channels, 3, padding=1))
        return nn.functional.interpolate(nn.Sequential(*layers)(images), (GRID, GRID), mode="nearest")


def _wave(feature: str, channels: int, images: Tensor, generator: torch.Generator) -> Tensor:
    """Make sine waves along width or height, with direction, frequency and phase per channel, equal for all images."""
    low, high = WAVE_BANDS[feature]
    frequency = low + (high - low) * torch.rand(1, channels, 1, generator=generator)
    along_width = torch.rand(channels, generator=generator) < 0.5
    phase = 2 * math.pi * torch.rand(1, channels, 1, generator=generator)
    line = torch.sin(2 * math.pi * frequency * torch.arange(GRID) + phase)
    wave = line[:, :, None, :].expand(len(images), -1, GRID, GRID)
    return torch.where(along_width[None, :, None, None], wave, wave.transpose(2, 3))


def _dot(feature: str, channels: int, images: Tensor, generator: torch.Generator) -> Tensor:
    """Draw independent signs: +1 or −1 with equal probability (Rademacher)."""
    signs = torch.randint(0, 2, (len(images), channels, GRID, GRID), generator=generator)
    return signs.float() * 2 - 1


FEATURE_MAKERS = {"net": _net, "dot": _dot, **dict.fromkeys(WAVE_BANDS, _wave)}
