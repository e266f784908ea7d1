"""NAS-Bench-101 networks (Ying et al., 2019, section 2 and appendix)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from eproxy_engine.spaces.backbone import Backbone
from eproxy_engine.spaces.nasbench101.cell import Cell, vertex_channels

CELLS_PER_STAGE = 3


class Network(Backbone):
    """Stem and three stages of three cells; the second and third halve the grid and double the channels."""

    def __init__(self, cell: Cell, width: int) -> None:
        super().__init__()
        self.stem = _conv_bn_relu(3, width, 3)
        self.downsample = nn.MaxPool2d(2, 2)
        self.stages = nn.ModuleList()
        channels = width
        for stage in range(3):
            c_out = width * 2**stage
            cells = [CellModule(cell, channels if i == 0 else c_out, c_out) for i in range(CELLS_PER_STAGE)]
            self.stages.append(nn.Sequential(*cells))
            channels = c_out
        self.stage_channels = (4 * width, 2 * width, width)

    def forward(self, x: Tensor) -> list[Tensor]:
        x = self.stages[0](self.stem(x))
        outputs = [x]
        for stage in list(self.stages)[1:]:
            x = stage(self.downsample(x))
            outputs.append(x)
        return outputs[::-1]

    def classifier(self, classes: int) -> nn.Module:
        return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(self.stage_channels[0], classes))


class CellModule(nn.Module):
    """One cell: ``[b, c_in, h, w]`` -> ``[b, c_out, h, w]``.

    A vertex sums its inputs: tensors of other vertices are cut to its channels, the cell's input passes a 1x1
    projection. The output concatenates its vertices and adds the projected input, if connected.
    """

    def __init__(self, cell: Cell, c_in: int, c_out: int) -> None:
        super().__init__()
        self.cell = cell
        self.channels = vertex_channels(cell, c_in, c_out)
        self.projections = nn.ModuleDict()
        self.operations = nn.ModuleDict()
        for vertex in range(1, cell.vertices):
            if (0, vertex) in cell.edges:
                self.projections[str(vertex)] = _conv_bn_relu(c_in, self.channels[vertex], 1)
        for vertex, name in enumerate(cell.operations, start=1):
            self.operations[str(vertex)] = _operation(name, self.channels[vertex])

    def forward(self, x: Tensor) -> Tensor:
        tensors = {0: x}
        output = self.cell.output
        for vertex in range(1, output):
            inputs = [tensors[s][:, : self.channels[vertex]] for s in self.cell.sources(vertex) if s != 0]
            tensors[vertex] = self.operations[str(vertex)](self._sum(vertex, inputs, x))
        concatenated = [tensors[s] for s in self.cell.sources(output) if s != 0]
        joined = [torch.cat(concatenated, dim=1) if len(concatenated) > 1 else concatenated[0]] if concatenated else []
        return self._sum(output, joined, x)

    def _sum(self, vertex: int, inputs: list[Tensor], x: Tensor) -> Tensor:
        """Sum the inputs of ``vertex``, and the projected cell input if there is an edge from it."""
        if (0, vertex) in self.cell.edges:
            inputs = [self.projections[str(vertex)](x), *inputs]
        total = inputs[0]
        for tensor in inputs[1:]:
            total = total + tensor
        return total


def _operation(name: str, channels: int) -> nn.Module:
    if name == "maxpool3x3":
        return nn.MaxPool2d(3, stride=1, padding=1)
    return _conv_bn_relu(channels, channels, 3 if name == "conv3x3" else 1)


def _conv_bn_relu(c_in: int, c_out: int, kernel: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(c_in, c_out, kernel, padding=kernel // 2, bias=False), nn.BatchNorm2d(c_out), nn.ReLU(inplace=True)
    )
