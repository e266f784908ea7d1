"""The network of a cell of four nodes."""

from __future__ import annotations

from torch import Tensor, nn


class CellModule(nn.Module):
    """Each node is the sum of the operations on the edges that lead to it.

    ``[b, c, h, w]`` -> ``[b, c_out, h / stride, w / stride]``, sides rounded up. The operations that come from node 0
    are those that change channels and sides.
    """

    def __init__(self, operations: dict[tuple[int, int], nn.Module], c_out: int, stride: int = 1) -> None:
        """``operations``: by edge, those that carry something."""
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
        """What a node holds that receives nothing."""
        batch, _, height, width = x.shape
        return x.new_zeros(batch, self.c_out, -(-height // self.stride), -(-width // self.stride))


def relu_conv_bn(c_in: int, c_out: int, kernel: int, stride: int = 1, in_place: bool = False) -> nn.Sequential:
    """``[b, c_in, h, w]`` -> ``[b, c_out, h / stride, w / stride]``. ``in_place``: nothing else needs its input."""
    return nn.Sequential(
        nn.ReLU(inplace=in_place),
        nn.Conv2d(c_in, c_out, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(c_out),
    )
