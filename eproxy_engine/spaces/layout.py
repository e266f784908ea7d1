"""The layout of a network's weights in which a CPU and a GPU convolve fastest."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def to_channels_last(network: nn.Module) -> None:
    """Put ``network`` in the layout channels-last, in place; images have to come in it, too.

    In this layout the gradient of a strided 1x1 convolution of few channels is computed past the end of a buffer
    (github.com/uxlfoundation/oneDNN/issues/6035: the process ends, on a CPU without AVX-512 below 8 channels). So such
    a convolution is handed the pixels that it sees, and takes each of them: the same values, and the same gradients.
    """
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    for module in network.modules():
        if isinstance(module, nn.Conv2d) and _strided_pointwise(module):
            _pick_pixels_first(module)


def _strided_pointwise(convolution: nn.Conv2d) -> bool:
    unpadded = convolution.padding in ((0, 0), "valid")
    return convolution.kernel_size == (1, 1) and convolution.stride != (1, 1) and unpadded


def _pick_pixels_first(convolution: nn.Conv2d) -> None:
    down, right = convolution.stride
    convolution.stride = (1, 1)

    def seen(_: nn.Module, inputs: tuple[Tensor]) -> Tensor:
        return inputs[0][:, :, ::down, ::right]

    convolution.register_forward_pre_hook(seen)
