"""Module of a cell of four nodes."""

from __future__ import annotations

from torch import Tensor, nn


class CellModule(nn.Module):
    """Cell in which each node sums the operations on its incoming edges.

    ``[b, c, h, w]`` -> ``[b, c_out, h / stride, w / stride]``, sides rounded up. Only the operations from node 0
    change channels and sides.
    """

    def __init__(self, operations: dict[tuple[int, int], nn.Module], c_out: int, stride: int = 1) -> None:
        """``operations``: by edge, without edges that carry nothing."""
        super().__init__()
        self.operations = nn.ModuleDict({f"{source}-{to}": operation for (source, to), operation in operations.items()})
        self.c_out, self.stride = c_out, stride

    def forward(self, x: Tensor) -> Tensor:
        nodes: list[Tensor | None] = [x]
        for target in (1, 2, 3):
            total: Tensor | None = None
            for source, origin in enumerate(nodes[:target]):
                edge = f"{source}-{target}"
                if edge in self.operations:
                    value = self.operations[edge](self._zeros(x) if origin is None else origin)
                    total = value if total is None else total + value
            nodes.append(total)
        return self._zeros(x) if nodes[3] is None else nodes[3]

    def _zeros(self, x: Tensor) -> Tensor:
        """Return the tensor of a node that receives nothing."""
        batch, _, height, width = x.shape
        return x.new_zeros(batch, self.c_out, -(-height // self.stride), -(-width // self.stride))


def relu_conv_bn(c_in: int, c_out: int, kernel: int, stride: int = 1, in_place: bool = False) -> nn.Sequential:
    """Make ReLU, convolution and normalisation: ``[b, c_in, h, w]`` -> ``[b, c_out, h / stride, w / stride]``.

    ``in_place``: the ReLU may overwrite its input.
    """
    return nn.Sequential(
        nn.ReLU(inplace=in_place),
        nn.Conv2d(c_in, c_out, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(c_out),
    )
