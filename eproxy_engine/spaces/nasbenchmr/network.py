"""NAS-Bench-MR networks (Ding et al., 2021; after the HRNet of Wang et al., 2019)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from eproxy_engine.spaces.backbone import Backbone
from eproxy_engine.spaces.nasbenchmr.code import Code, fused


class Network(Backbone):
    """Stem and four stages; each later stage adds a branch of half the lowest resolution.

    The stem's two strides quarter the sides of images. Unless ``strided``, it has none: the branches then have grids of
    32, 16, 8 and 4 for images of CIFAR size, the same as for the 128 pixels at which the benchmark counts.

    A stage output is the branches after the stage, concatenated at the lowest of their resolutions, as the benchmark
    does before its classifier. A stage downsamples where it adds a branch: the output before the first downsampling is
    that of the first stage (one branch), the one before the second that of the second stage (two).
    """

    def __init__(self, code: Code, width: int, published_width: int, strided: bool) -> None:
        super().__init__()

        def scaled(channels: int) -> int:
            """Scale a number of channels, rounded to the nearest, at least 1."""
            return max(1, (2 * channels * width + published_width) // (2 * published_width))

        stride = 2 if strided else 1
        first, second = map(scaled, code.stem)
        self.stem = nn.Sequential(*_conv_bn_relu(3, first, 3, stride), *_conv_bn_relu(first, second, 3, stride))
        self.stages = nn.ModuleList()
        before = [second]
        for stage in code.stages:
            channels = [scaled(c) for c in stage.channels]
            modules: list[nn.Module] = []
            for _ in range(stage.modules):
                modules += [Fusion(before, channels), Parallel(channels, stage.units)]
                before = channels
            self.stages.append(nn.Sequential(*modules))
        self.last_channels = scaled(code.last)
        joined = [sum(map(scaled, stage.channels)) for stage in code.stages]
        self.stage_channels = (joined[3], joined[1], joined[0])

    def forward(self, x: Tensor) -> list[Tensor]:
        branches, after = [self.stem(x)], []
        for stage in self.stages:
            branches = stage(branches)
            after.append(branches)
        return [_concatenated(after[3]), _concatenated(after[1]), _concatenated(after[0])]

    def classifier(self, classes: int) -> nn.Module:
        return nn.Sequential(
            *_conv_bn_relu(self.stage_channels[0], self.last_channels, 1, 1),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(self.last_channels, classes),
        )


class Parallel(nn.Module):
    """Residual units on each branch separately: a list of ``[b, c, h, w]``, all unchanged in shape."""

    def __init__(self, channels: Sequence[int], units: Sequence[int]) -> None:
        super().__init__()
        self.branches = nn.ModuleList(
            nn.Sequential(*[ResidualUnit(c) for _ in range(n)]) for c, n in zip(channels, units, strict=True)
        )

    def forward(self, branches: list[Tensor]) -> list[Tensor]:
        return [units(x) for units, x in zip(self.branches, branches, strict=True)]


class ResidualUnit(nn.Module):
    """Two 3x3 convolutions beside a skip connection; ``[b, c, h, w]`` keeps its shape."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.convolutions = nn.Sequential(
            *_conv_bn_relu(channels, channels, 3, 1),
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
        )
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.relu(self.convolutions(x) + x)


class Fusion(nn.Module):
    """Exchange between neighbouring branches: a list of ``[b, c_in, h, w]`` -> a list of ``[b, c_out, h, w]``.

    A branch becomes the sum of its own tensor and its neighbours', each through a convolution: of stride 2 from the
    finer, 1x1 and upsampled from the coarser. A branch that the input lacks is the fused one above it, halved.
    The benchmark applies another ReLU to each sum; it is left out because no term is negative.
    """

    def __init__(self, c_in: Sequence[int], c_out: Sequence[int]) -> None:
        super().__init__()
        self.paths = nn.ModuleList()
        for target in range(min(len(c_in), len(c_out))):
            paths = nn.ModuleDict()
            for source in fused(target, len(c_in)):
                kernel, stride = 1 if source > target else 3, 2 if source < target else 1
                paths[str(source)] = nn.Sequential(*_conv_bn_relu(c_in[source], c_out[target], kernel, stride))
            self.paths.append(paths)
        self.added = nn.ModuleList(
            nn.Sequential(*_conv_bn_relu(c_out[target - 1], c_out[target], 3, 2))
            for target in range(len(c_in), len(c_out))
        )

    def forward(self, branches: list[Tensor]) -> list[Tensor]:
        outputs: list[Tensor] = []
        for target, paths in enumerate(self.paths):
            total: Tensor | None = None
            for source, path in paths.items():  # type: ignore[operator]
                value = path(branches[int(source)])
                if int(source) > target:
                    value = nn.functional.interpolate(value, branches[target].shape[2:], mode="nearest")
                total = value if total is None else total + value
            assert total is not None
            outputs.append(total)
        for path in self.added:
            outputs.append(path(outputs[-1]))
        return outputs


def _concatenated(branches: list[Tensor]) -> Tensor:
    """Concatenate all branches at the resolution of the last: ``[b, sum of c, h, w]``."""
    grid = branches[-1].shape[2:]
    resized = [nn.functional.interpolate(x, grid, mode="bilinear", align_corners=False) for x in branches[:-1]]
    return torch.cat([*resized, branches[-1]], dim=1)


def _conv_bn_relu(c_in: int, c_out: int, kernel: int, stride: int) -> list[nn.Module]:
    return [
        nn.Conv2d(c_in, c_out, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(c_out),
        nn.ReLU(inplace=True),
    ]
