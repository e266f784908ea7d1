"""Targets: the synthetic labels Y that a branch learns (§2.1, §2.2 item 2, Fig. 4)."""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import Tensor, nn

from eproxy_engine.proxy.choices import GRID
from eproxy_engine.proxy.configuration import Branch

WAVE_BANDS = {"wave_low": (1 / 16, 1 / 8), "wave_mid": (1 / 8, 1 / 4), "wave_high": (1 / 4, 1 / 2)}
"""Cycles a pixel; 1/2 is the highest frequency that the grid can carry."""


def target(branch: Branch, channels: int, images: Tensor, generator: torch.Generator) -> Tensor:
    """The target of a branch: the sum of its features times its coefficient.

    ``images``: ``[b, 3, h, w]``. Returns ``[b, channels, 8, 8]``.
    """
    total = torch.zeros(len(images), channels, GRID, GRID)
    for feature in branch.features:
        total += FEATURE_MAKERS[feature](feature, channels, images, generator)
    return branch.coefficient * total


def _net(feature: str, channels: int, images: Tensor, generator: torch.Generator) -> Tensor:
    """Outputs of an untrained fully convolutional network of six layers on the images, standardised a channel."""
    widths = (3, 32, 64, 64, 64, 64, channels)
    x = images
    with torch.no_grad():
        for layer, (c_in, c_out) in enumerate(pairwise(widths)):
            weight = torch.empty(c_out, c_in, 3, 3)
            nn.init.kaiming_normal_(weight, generator=generator)
            x = nn.functional.conv2d(x, weight, stride=2 if layer in (1, 3) else 1, padding=1)
            if layer < 5:
                x = torch.relu(x)
        x = nn.functional.interpolate(x, (GRID, GRID), mode="nearest")
        return (x - x.mean((0, 2, 3), keepdim=True)) / (x.std((0, 2, 3), keepdim=True) + 1e-6)


def _wave(feature: str, channels: int, images: Tensor, generator: torch.Generator) -> Tensor:
    """Sine waves along width or height: a direction, frequency and phase a channel, the same for all images."""
    low, high = WAVE_BANDS[feature]
    frequency = low + (high - low) * torch.rand(1, channels, 1, generator=generator)
    along_width = torch.rand(channels, generator=generator) < 0.5
    phase = 2 * math.pi * torch.rand(1, channels, 1, generator=generator)
    line = torch.sin(2 * math.pi * frequency * torch.arange(GRID) + phase)
    wave = line[:, :, None, :].expand(len(images), -1, GRID, GRID)
    return torch.where(along_width[None, :, None, None], wave, wave.transpose(2, 3))


def _dot(feature: str, channels: int, images: Tensor, generator: torch.Generator) -> Tensor:
    """Independent signs: +1 or −1 with equal probability (Rademacher)."""
    signs = torch.randint(0, 2, (len(images), channels, GRID, GRID), generator=generator)
    return signs.float() * 2 - 1


FEATURE_MAKERS = {"net": _net, "dot": _dot, **dict.fromkeys(WAVE_BANDS, _wave)}
