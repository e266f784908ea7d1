"""The network that is trained: a backbone, and a head at each stage that has a branch (§2.1)."""

from __future__ import annotations

from torch import Tensor, nn

from eproxy_engine.proxy.choices import STAGES
from eproxy_engine.proxy.configuration import Configuration
from eproxy_engine.proxy.head import Head
from eproxy_engine.spaces.backbone import Backbone


class ProxyNetwork(nn.Module):
    """Images in, predictions of the targets out."""

    def __init__(self, backbone: Backbone, heads: list[Head], configuration: Configuration) -> None:
        super().__init__()
        self.backbone = backbone
        self.heads = nn.ModuleList(heads)
        self._places = [STAGES.index(branch.stage) for branch in configuration.branches]

    def forward(self, x: Tensor) -> list[Tensor]:
        """``[b, 3, h, w]`` -> one prediction ``[b, c, 8, 8]`` a branch."""
        stages = self.backbone(x)
        return [head(stages[place]) for head, place in zip(self.heads, self._places, strict=True)]
