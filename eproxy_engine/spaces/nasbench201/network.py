"""NAS-Bench-201 networks (Dong and Yang, 2020, figure 1)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from eproxy_engine.spaces.backbone import Backbone
from eproxy_engine.spaces.nasbench201.space import EDGES, Cell

CELLS_PER_STAGE = 5


class Network(Backbone):
    """Stem, three stages of five cells, a residual block of stride 2 between stages."""

    def __init__(self, cell: Cell, width: int) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, width, 3, padding=1, bias=False), nn.BatchNorm2d(width))
        self.stages = nn.ModuleList()
        self.reductions = nn.ModuleList()
        for stage in range(3):
            channels = width * 2**stage
            self.stages.append(nn.Sequential(*[CellModule(cell, channels) for _ in range(CELLS_PER_STAGE)]))
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


class CellModule(nn.Module):
    """Four nodes; node j is the sum of the operations on the edges that lead to it. ``[b, c, h, w]`` unchanged."""

    def __init__(self, cell: Cell, channels: int) -> None:
        super().__init__()
        self.operations = nn.ModuleDict(
            {f"{source}-{target}": _operation(name, channels) for (source, target), name in cell.edges().items()}
        )

    def forward(self, x: Tensor) -> Tensor:
        nodes: list[Tensor | None] = [x]
        for node in (1, 2, 3):
            total: Tensor | None = None
            for source, target in EDGES:
                operation = self.operations[f"{source}-{target}"]
                if target != node or isinstance(operation, Zero):
                    continue
                origin = nodes[source]
                value = operation(torch.zeros_like(x) if origin is None else origin)
                total = value if total is None else total + value
            nodes.append(total)
        return torch.zeros_like(x) if nodes[3] is None else nodes[3]


class Zero(nn.Module):
    """The operation ``none``: its edge carries nothing."""


def _operation(name: str, channels: int) -> nn.Module:
    if name == "none":
        return Zero()
    if name == "skip_connect":
        return nn.Identity()
    if name == "avg_pool_3x3":
        return nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False)
    kernel = 1 if name == "nor_conv_1x1" else 3
    return _relu_conv_bn(channels, channels, kernel, stride=1)


def _relu_conv_bn(c_in: int, c_out: int, kernel: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.ReLU(), nn.Conv2d(c_in, c_out, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(c_out)
    )


class ReductionBlock(nn.Module):
    """Residual block: ``[b, c, h, w]`` -> ``[b, 2c, h/2, w/2]``."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = _relu_conv_bn(channels, 2 * channels, 3, stride=2)
        self.second = _relu_conv_bn(2 * channels, 2 * channels, 3, stride=1)
        self.shortcut = nn.Sequential(nn.AvgPool2d(2, 2), nn.Conv2d(channels, 2 * channels, 1, bias=False))

    def forward(self, x: Tensor) -> Tensor:
        return self.shortcut(x) + self.second(self.first(x))
