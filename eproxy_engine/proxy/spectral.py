"""Large convolutions of a head in the frequency domain.

The grid has only 8 x 8 pixels, so its Fourier transform is a small matrix and a convolution is one matrix product per
frequency: with a 7x7 kernel, a twelfth of the multiplications. The weights of a barrier layer are frozen and
transformed once, those of a transform layer at every iteration. The values are those of the convolution.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor, nn

from eproxy_engine.proxy.choices import GRID

SMALLEST = {3: 256 * 256, 7: 64 * 64}
"""Minimum product of input and output channels, by kernel, at which this pays on a CPU: measured
(docs/PERFORMANCE.md)."""
SMALLEST_TRAINED = {7: 64 * 64}
"""The same for trained weights."""


def worthwhile(convolution: nn.Conv2d) -> bool:
    """Return whether a convolution is faster this way on a CPU."""
    smallest = SMALLEST_TRAINED if convolution.weight.requires_grad else SMALLEST
    channels = convolution.in_channels * convolution.out_channels
    return channels >= smallest.get(convolution.kernel_size[0], math.inf)


class SpectralConvolution(nn.Module):
    """A convolution that keeps the grid: ``[b, c_in, 8, 8]`` -> ``[b, c_out, 8, 8]``."""

    def __init__(self, convolution: nn.Conv2d, spectrum: Tensor | None = None) -> None:
        """Take over the parameters of ``convolution``. ``spectrum``: that of its weights, if they are frozen."""
        super().__init__()
        assert convolution.bias is not None
        self.weight, self.bias = convolution.weight, convolution.bias
        self.kernel = convolution.kernel_size[0]
        self.spectrum = spectrum

    def forward(self, x: Tensor) -> Tensor:
        spectrum = spectrum_of(self.weight) if self.spectrum is None else self.spectrum
        pixels = x.permute(2, 3, 0, 1).flatten(0, 1)
        product = _Product.apply(_transformed(pixels, GRID, self.kernel), spectrum)
        planes = torch.view_as_real(product).permute(3, 0, 1, 2).flatten(0, 1)
        grid = (_inverse(self.kernel, planes.dtype) @ planes.flatten(1)).unflatten(1, product.shape[1:])
        return grid.unflatten(0, (GRID, GRID)).permute(2, 3, 0, 1) + self.bias[:, None, None]


def spectrum_of(weight: Tensor) -> Tensor:
    """Transform weights: ``[c_out, c_in, k, k]`` -> ``[frequencies, c_in, c_out]``, complex."""
    kernel = weight.shape[-1]
    return _transformed(weight.permute(2, 3, 1, 0).flatten(0, 1), kernel, kernel).conj().resolve_conj()


def _transformed(pixels: Tensor, side: int, kernel: int) -> Tensor:
    """Return the Fourier transform of ``[side * side, n, c]``: ``[frequencies, n, c]``, complex."""
    real, imaginary = (_forward(side, kernel, pixels.dtype) @ pixels.flatten(1)).chunk(2)
    return torch.complex(real, imaginary).unflatten(1, pixels.shape[1:])


def _sides(kernel: int) -> tuple[int, int]:
    """Return the numbers of frequencies along height and width, large enough to discard all wrapped-around values."""
    side = GRID + kernel // 2
    return side, side // 2 + 1


@lru_cache
def _forward(side: int, kernel: int, dtype: torch.dtype) -> Tensor:
    """Return the matrix of the transform, ``[2 frequencies, side * side]``: real parts, then imaginary parts."""
    angle = _angles(kernel, range(side))
    return torch.cat([torch.cos(angle), -torch.sin(angle)]).to(dtype)


@lru_cache
def _inverse(kernel: int, dtype: torch.dtype) -> Tensor:
    """Return the matrix of the inverse, ``[grid * grid, 2 frequencies]``.

    Frequencies whose conjugates are omitted count twice.
    """
    height, width = _sides(kernel)
    angle = _angles(kernel, range(-(kernel // 2), GRID - kernel // 2)).T
    alone = [frequency == 0 or 2 * frequency == height for frequency in range(width)]
    counted = torch.tensor([1.0 if one else 2.0 for one in alone], dtype=torch.float64).repeat(height) / height**2
    return torch.cat([torch.cos(angle) * counted, -torch.sin(angle) * counted], dim=1).to(dtype)


def _angles(kernel: int, places: range) -> Tensor:
    """Return the angles ``[frequencies, places * places]``, double."""
    height, width = _sides(kernel)
    place = torch.tensor(places, dtype=torch.float64)
    down = torch.outer(torch.arange(height, dtype=torch.float64), place)[:, None, :, None]
    right = torch.outer(torch.arange(width, dtype=torch.float64), place)[None, :, None, :]
    return 2 * math.pi / height * (down + right).flatten(2).flatten(0, 1)


class _Product(torch.autograd.Function):
    """Product ``[f, b, c] @ [f, c, d]`` of complex matrices; torch's own gradient would first copy the second one."""

    generate_vmap_rule = True

    @staticmethod
    def forward(left: Tensor, right: Tensor) -> Tensor:
        return torch.bmm(left, right)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, Tensor], output: Tensor) -> None:
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, Tensor | None]:
        left, right = ctx.saved_tensors
        conjugate = gradient.conj().resolve_conj()
        of_left = torch.bmm(conjugate, right.transpose(1, 2)).conj() if ctx.needs_input_grad[0] else None
        of_right = torch.bmm(left.transpose(1, 2), conjugate).conj() if ctx.needs_input_grad[1] else None
        return of_left, of_right
