"""The NAS-Bench-MR search space (Ding et al., 2021)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from eproxy_engine.spaces.formats import Format
from eproxy_engine.spaces.interface import CIFAR_SIZE, SearchSpace, Task
from eproxy_engine.spaces.nasbenchmr.code import Code, fused
from eproxy_engine.spaces.nasbenchmr.reading import CHOICES, parse, write_json

if TYPE_CHECKING:
    import networkx as nx

    from eproxy_engine.spaces.backbone import Backbone


class NASBenchMR(SearchSpace[Code]):
    """All 2^80 network codes: 14 numbers of modules or units, each one of four, and 13 of channels, each one of 16.

    These are the bounds of the benchmark's own search. Its measured codes are not a uniform sample of them: some 2,000
    have channels in steps of 16 and stems up to 64, 500 are small (channels up to 64, stems up to 32, at most two
    modules a stage), and its authors chose a few.
    """

    name = "nasbench-mr"
    title = "NAS-Bench-MR"
    family = "NAS-Bench-MR"
    tasks = (
        Task(
            "cls-a",
            "ImageNet-50-1000, classification (50 classes, 1,000 images each): top-1 accuracy",
            short="ImageNet-50-1000",
        ),
        Task(
            "cls-b",
            "ImageNet-50-100, classification (50 classes, 100 images each): top-1 accuracy",
            short="ImageNet-50-100",
        ),
        Task(
            "cls-c",
            "ImageNet-10-1000, classification (10 classes, 1,000 images each): top-1 accuracy",
            short="ImageNet-10-1000",
        ),
        Task(
            "cls-10c",
            "ImageNet-50-1000, classification, only 10 epochs of training: top-1 accuracy",
            short="ImageNet-50-1000, 10 epochs",
        ),
        Task("seg", "Cityscapes, segmentation: mean intersection over union", short="Cityscapes"),
        Task(
            "seg-4x",
            "Cityscapes at a quarter of the resolution, segmentation: mean intersection over union",
            short="Cityscapes, a quarter",
        ),
        Task("3ddet", "KITTI, 3D detection (moderate): average precision", short="KITTI, 3D detection"),
        Task("video", "HMDB51, video recognition: top-1 accuracy", short="HMDB51, video"),
        Task(
            "video-p",
            "HMDB51, video recognition, pretrained on ImageNet-50-1000: top-1 accuracy",
            short="HMDB51, video, pretrained",
        ),
    )
    published_width = 64
    small_width = 8
    input_size = 128
    classes = 50
    typical_speed = 2.0e10
    largest_flops = 27_293_391_104

    def parse(self, text: str) -> Code:
        return parse(text)

    def formats(self) -> tuple[Format[Code], ...]:
        """Return the benchmark's JSON, which :meth:`parse` reads."""
        return (Format("json", "the benchmark's JSON", write_json),)

    def sample(self, rng: np.random.Generator) -> Code:
        return Code(tuple(choices[int(rng.integers(len(choices)))] for choices in CHOICES))

    def mutate(self, architecture: Code, rng: np.random.Generator) -> Code:
        """Change one random number of the code."""
        numbers = list(architecture.numbers)
        place = int(rng.integers(len(numbers)))
        others = [n for n in CHOICES[place] if n != numbers[place]]
        numbers[place] = others[int(rng.integers(len(others)))]
        return Code(tuple(numbers))

    def descriptors(self, architecture: Code) -> dict[str, float]:
        """Describe the numbers of modules and units, and the log2 of channels, as they stand in the code."""
        found = {f"stem, log2 channels {place}": math.log2(number) for place, number in enumerate(architecture.stem, 1)}
        for place, stage in enumerate(architecture.stages, 1):
            found[f"stage {place}, modules"] = float(stage.modules)
            for branch, (units, channels) in enumerate(zip(stage.units, stage.channels, strict=True), 1):
                found[f"stage {place}, branch {branch}, units"] = float(units)
                found[f"stage {place}, branch {branch}, log2 channels"] = math.log2(channels)
        return {**found, "head, log2 channels": math.log2(architecture.last)}

    def decisions(self, architecture: Code) -> tuple[str, ...]:
        """Return the numbers of the code."""
        return tuple(map(str, architecture.numbers))

    def build(self, architecture: Code, width: int, size: int = CIFAR_SIZE) -> Backbone:
        from eproxy_engine.spaces.nasbenchmr.network import Network

        return Network(architecture, width, self.published_width, strided=size > CIFAR_SIZE)

    def largest(self) -> Code:
        return Code(tuple(choices[-1] for choices in CHOICES))

    def drawings(self, architecture: Code) -> dict[str, nx.DiGraph]:
        """Draw the whole network: columns of branches, with an edge where a fusion passes a tensor on.

        A branch that a stage adds comes from the fused one above it, and so from that one's sources. Nodes have a
        ``rank`` (column) and a ``row`` (branch) for the layout.
        """
        import networkx as nx

        graph = nx.DiGraph()
        graph.add_node("input", label="input", rank=0, row=0)
        graph.add_node("stem", label="stem, {} and {} ch, 1/4".format(*architecture.stem), rank=1, row=0)
        graph.add_edge("input", "stem", label="")
        before, rank = ["stem"], 1
        for stage in architecture.stages:
            for _ in range(stage.modules):
                rank += 1
                column = []
                for row, (units, channels) in enumerate(zip(stage.units, stage.channels, strict=True)):
                    column.append(f"{rank}/{row}")
                    label = f"{units} unit{'s' * (units > 1)}, {channels} ch, 1/{4 * 2**row}"
                    graph.add_node(column[-1], label=label, rank=rank, row=row)
                    fused_into = min(row, len(before) - 1)
                    graph.add_edges_from(((before[s], column[-1]) for s in fused(fused_into, len(before))), label="")
                before = column
        graph.add_node("head", label=f"joined, {architecture.last} ch", rank=rank + 1, row=0)
        graph.add_edges_from(((branch, "head") for branch in before), label="")
        graph.add_node("output", label="output", rank=rank + 2, row=0)
        graph.add_edge("head", "output", label="")
        return {"network": graph}
