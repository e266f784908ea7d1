"""NAS-Bench-201 networks (Dong and Yang, 2020, figure 1)."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor, nn

from eproxy_engine.spaces.backbone import Backbone
from eproxy_engine.spaces.four_node.network import CellModule, relu_conv_bn

CELLS_PER_STAGE = 5


class Network(Backbone):
    """Stem and three stages of five cells, with a residual block of stride 2 between stages.

    ``edges``: the cell's operations by (source, target).
    """

    def __init__(self, edges: Mapping[tuple[int, int], str], width: int) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, width, 3, padding=1, bias=False), nn.BatchNorm2d(width))
        self.stages = nn.ModuleList()
        self.reductions = nn.ModuleList()
        for stage in range(3):
            channels = width * 2**stage
            self.stages.append(nn.Sequential(*[_cell(edges, channels) for _ in range(CELLS_PER_STAGE)]))
            if stage < 2:
                self.reductions.append(ReductionBlock(channels))
        self.stage_channels = (4 * width, 2 * width, width)

    def forward(self, x: Tensor) -> list[Tensor]:
        x = self.stages[0](self.stem(x))
        outputs = [x]
        for reduction, stage in zip(self.reductions, list(self.stages)[1:], strict=True):
            x = stage(reduction(x))
            outputs.append(x)
        return outputs[::-1]

    def classifier(self, classes: int) -> nn.Module:
        channels = self.stage_channels[0]
        return nn.Sequential(
            nn.BatchNorm2d(channels), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes)
        )


def _cell(edges: Mapping[tuple[int, int], str], channels: int) -> CellModule:
    return CellModule({edge: _operation(name, channels) for edge, name in edges.items()}, channels)


def _operation(name: str, channels: int) -> nn.Module:
    if name == "skip_connect":
        return nn.Identity()
    if name == "avg_pool_3x3":
        return nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False)
    kernel = 1 if name == "nor_conv_1x1" else 3
    return relu_conv_bn(channels, channels, kernel)


class ReductionBlock(nn.Module):
    """Residual block: ``[b, c, h, w]`` -> ``[b, 2c, h/2, w/2]``."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = relu_conv_bn(channels, 2 * channels, 3, stride=2)
        self.second = relu_conv_bn(2 * channels, 2 * channels, 3)
        self.shortcut = nn.Sequential(nn.AvgPool2d(2, 2), nn.Conv2d(channels, 2 * channels, 1, bias=False))

    def forward(self, x: Tensor) -> Tensor:
        return self.shortcut(x) + self.second(self.first(x))
