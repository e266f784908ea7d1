"""Faster equivalents of some convolutions on a CPU, with the same values and gradients.

Each keeps the parameters of the original convolution, so a convolution can become one in place.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

FEW_PIXELS = 4096
"""Pixels of all images together up to which starting a 1x1 convolution takes longer than its matrix product
(docs/PERFORMANCE.md)."""


class Pointwise(nn.Conv2d):
    """1x1 convolution without padding: selects the strided pixels, then multiplies matrices if there are few pixels.

    oneDNN computes the gradient of a strided 1x1 convolution with few channels in channels-last past the end of a
    buffer (github.com/uxlfoundation/oneDNN/issues/6035: the process ends, without AVX-512 below 8 channels).
    """

    def forward(self, x: Tensor) -> Tensor:
        """``[b, c_in, h, w]`` -> ``[b, c_out, h / stride, w / stride]``, rounded up."""
        down, right = self.stride
        if self.stride != (1, 1):
            x = x[:, :, ::down, ::right]
        if self.groups > 1 or x.numel() > FEW_PIXELS * self.in_channels:
            return functional.conv2d(x, self.weight, self.bias, groups=self.groups)
        return functional.linear(x.permute(0, 2, 3, 1), self.weight.flatten(1), self.bias).permute(0, 3, 1, 2)


class EverySecondPixel(nn.Conv2d):
    """Depthwise convolution of dilation 2 that keeps the grid, or halves it with stride 2.

    Computed as a convolution without dilation on every second row and column: on all four such subgrids, or on one
    with stride 2.
    """

    def forward(self, x: Tensor) -> Tensor:
        """``[b, c, h, w]`` -> ``[b, c, h / stride, w / stride]``, rounded up."""
        if self.stride == (2, 2):
            return self._undilated(x[:, :, ::2, ::2])
        b, _, h, w = x.shape
        if h % 2 or w % 2 or min(h, w) // 2 <= self.kernel_size[0]:  # smaller ones are slow
            return super().forward(x)
        parts = x.permute(0, 2, 3, 1).unflatten(2, (w // 2, 2)).unflatten(1, (h // 2, 2)).permute(2, 4, 0, 1, 3, 5)
        found = self._undilated(parts.flatten(0, 2).permute(0, 3, 1, 2)).permute(0, 2, 3, 1).unflatten(0, (2, 2, b))
        return found.permute(2, 3, 0, 4, 1, 5).flatten(3, 4).flatten(1, 2).permute(0, 3, 1, 2)

    def _undilated(self, x: Tensor) -> Tensor:
        return functional.conv2d(x, self.weight, self.bias, padding=self.kernel_size[0] // 2, groups=self.groups)


def become_quick(convolution: nn.Conv2d) -> None:
    """Switch ``convolution`` to its faster equivalent in place, if there is one."""
    if convolution.kernel_size == (1, 1) and convolution.padding in ((0, 0), "valid"):
        convolution.__class__ = Pointwise
    elif _dilated_depthwise(convolution):
        convolution.__class__ = EverySecondPixel


def _dilated_depthwise(convolution: nn.Conv2d) -> bool:
    kernel, _ = convolution.kernel_size
    depthwise = convolution.groups == convolution.in_channels == convolution.out_channels
    square = convolution.kernel_size == (kernel, kernel) and convolution.stride in ((1, 1), (2, 2))
    return depthwise and square and convolution.dilation == (2, 2) and convolution.padding == (kernel - 1, kernel - 1)
