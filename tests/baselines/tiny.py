"""A network small enough to compute by hand: a 1×1 convolution, a ReLU, the mean over space, a linear layer."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from eproxy_engine.baselines.classifier import Classifier
from eproxy_engine.spaces.backbone import Backbone

KERNEL = np.array([[0.5, -1.0, 0.25], [-0.75, 0.5, 1.0]])
"""Weights of the convolution, ``[2, 3]``."""
LINEAR = np.array([[1.0, -0.5], [-0.25, 0.75], [0.5, 0.5]])
"""Weights of the linear layer, ``[3 classes, 2]``."""


class Tiny(Backbone):
    """Images ``[b, 3, h, w]`` -> three times the same stage output ``[b, 2, h, w]``; nothing has a bias."""

    stage_channels = (2, 2, 2)

    def __init__(self, normalised: bool = False) -> None:
        super().__init__()
        normalisation = [nn.BatchNorm2d(2)] if normalised else []
        self.layers = nn.Sequential(nn.Conv2d(3, 2, 1, bias=False), *normalisation, nn.ReLU())

    def forward(self, x: Tensor) -> list[Tensor]:
        return [self.layers(x)] * 3

    def classifier(self, classes: int) -> nn.Module:
        return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2, classes, bias=False))


def tiny(kernel: ArrayLike = KERNEL, linear: ArrayLike = LINEAR, normalised: bool = False) -> Classifier:
    """The network with these weights, ``[2, 3]`` and ``[classes, 2]``, in double precision."""
    network = Classifier(Tiny(normalised), len(np.asarray(linear))).double()
    convolution, classifier = network.weighted_layers()
    convolution.weight.data = torch.tensor(np.asarray(kernel, float)).reshape(2, 3, 1, 1)
    classifier.weight.data = torch.tensor(np.asarray(linear, float))
    return network


def batch(count: int = 4, size: int = 2, seed: int = 0) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Random images ``[count, 3, size, size]`` and their labels ``[count]`` of three classes."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(count, 3, size, size)), rng.integers(3, size=count)
