"""The trained network: a backbone, and a head at each stage with a branch (§2.1)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from eproxy_engine.proxy.choices import STAGES
from eproxy_engine.proxy.configuration import Configuration
from eproxy_engine.proxy.head import Head
from eproxy_engine.spaces.backbone import Backbone


class ProxyNetwork(nn.Module):
    """Backbone and heads, which predict the targets from images."""

    def __init__(self, backbone: Backbone, heads: list[Head], configuration: Configuration) -> None:
        super().__init__()
        self.backbone = backbone
        self.heads = nn.ModuleList(heads)
        self.places = [STAGES.index(branch.stage) for branch in configuration.branches]
        self._precision = configuration.precision

    def forward(self, x: Tensor) -> list[Tensor]:
        """Predict: images ``[b, 3, h, w]`` -> one prediction ``[b, c, 8, 8]`` per branch."""
        with computing_in(self._precision, x.device.type):
            stages = self.backbone(x)
            predictions = [head(stages[place]) for head, place in zip(self.heads, self.places, strict=True)]
        return [prediction.to(x.dtype) for prediction in predictions]


def computing_in(precision: str, device: str) -> torch.autocast:
    """Return a context in which convolutions and matrix products use ``precision``, one of the configuration's."""
    return torch.autocast(device, torch.bfloat16, enabled=precision == "bfloat16")
