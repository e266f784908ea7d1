"""Networks in kernels that were compiled with sanitizers: ``python -m tests.native.sanitized LIBRARY``.

Buffers lie apart, with memory between them that must not be touched. Python has to be started with the address
sanitizer's library; it ends the process, and says why, at the first access beyond a buffer.
"""

from __future__ import annotations

import ctypes
import itertools
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from torch import nn

from eproxy_engine import spaces
from eproxy_engine.native import layout, library
from eproxy_engine.native.memory import ALIGNED, Buffer
from eproxy_engine.native.program import compiled, running
from tests.native.comparing import Outputs, images, random_gradients

GAP = 1024
"""Bytes between buffers; a multiple of the alignment."""
GRANULE = 8
"""Bytes that the sanitizer tells apart."""
FAMILIES = ("nasbench101", "nasbench-mr", "transnas101-micro", "nds-imagenet-darts")


def apart(buffers: Sequence[Buffer]) -> int:
    """Place buffers with a gap before and after each."""
    total = GAP
    for buffer in buffers:
        buffer.offset = total
        total += -(-buffer.bytes // ALIGNED) * ALIGNED + GAP
    return total


def networks() -> Iterator[tuple[str, nn.Module, int]]:
    """Networks with their names, and the side of their images."""
    shapes = itertools.product((1, 3, 5), (1, 2, 3), (0, 1, 3), (1, 2), (1, 2, 6))
    for kernel, stride, padding, dilation, groups in shapes:
        layer = nn.Conv2d(6, 6 if groups == 6 else 14, kernel, stride, padding, dilation, groups, bias=False)
        layers = nn.Conv2d(3, 6, 1), nn.ReLU(), layer, nn.BatchNorm2d(layer.out_channels), nn.ReLU()
        yield f"{layer}", Outputs(nn.Sequential(*layers)), 9
    for c_in, c_out in ((4, 5), (12, 4), (17, 33)):
        layers = (
            nn.Conv2d(3, c_in, 1),
            nn.ReLU(),
            nn.Conv2d(c_in, c_out, 3, padding=1, bias=False),
            nn.BatchNorm2d(c_out),
        )
        yield f"Winograd, {c_in} -> {c_out} channels", Outputs(nn.Sequential(*layers)), 12
    for pooling in (
        nn.MaxPool2d(3, 1, 1),
        nn.MaxPool2d(3, 2, 1),
        nn.AvgPool2d(2),
        nn.Upsample((7, 5), mode="bilinear"),
    ):
        yield f"{pooling}", Outputs(nn.Sequential(nn.Conv2d(3, 5, 1), pooling, nn.Conv2d(5, 3, 1))), 6
    for name in FAMILIES:
        space = spaces.get(name)
        yield name, space.build(space.sample(np.random.default_rng(0)), 4), 32


def check(network: nn.Module, side: int, kernels: ctypes.CDLL) -> None:
    """Run a network forward and backward, twice, with forbidden memory between its buffers."""
    x, sanitizer = images(16, side), ctypes.CDLL(None)
    made = compiled(network, (16, 3, side, side))
    with running(made, x, kernels) as program:
        start, end, gaps = program.memory.ctypes.data, 0, list[tuple[int, int]]()
        for buffer in sorted(made.buffers(), key=lambda each: each.offset):
            gaps.append((start + end, buffer.offset - end))
            end = -(-(buffer.offset + buffer.bytes) // GRANULE) * GRANULE
        for gap in gaps:
            sanitizer.__asan_poison_memory_region(*map(ctypes.c_size_t, gap))
        for _ in range(2):
            program.forward()
            outputs = [output.permute(3, 0, 1, 2) for output in program.outputs()]
            for view, gradient in zip(program.output_gradients(), random_gradients(outputs), strict=True):
                view.copy_(gradient.permute(1, 2, 3, 0))
            program.backward()
        for gap in gaps:
            sanitizer.__asan_unpoison_memory_region(*map(ctypes.c_size_t, gap))


def main() -> None:
    """Check all networks with the library that the command line names."""
    layout.place = apart
    kernels = library.load(Path(sys.argv[1]))
    for name, network, side in networks():
        print(name, flush=True)
        check(network, side, kernels)
    print("nothing to complain about")


if __name__ == "__main__":
    main()
