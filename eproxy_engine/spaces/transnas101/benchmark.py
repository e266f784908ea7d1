"""What both search spaces of TransNAS-Bench-101 (Duan et al., 2021) have in common."""

from __future__ import annotations

from eproxy_engine.spaces.interface import A, SearchSpace, Task

METRICS = {
    "class_scene": ("Scene classification", "top-1 accuracy", "%"),
    "class_object": ("Object classification", "top-1 accuracy", "%"),
    "room_layout": ("Room layout", "negative loss", ""),
    "jigsaw": ("Jigsaw", "top-1 accuracy", "%"),
    "segmentsemantic": ("Semantic segmentation", "mean intersection over union", "%"),
    "normal": ("Surface normals", "structural similarity", ""),
    "autoencoder": ("Autoencoding", "structural similarity", ""),
}
"""By the benchmark's name of the task: what it is, its metric (higher is better) and the metric's unit."""


class TransNASBench101(SearchSpace[A]):
    """Networks trained on Taskonomy images of 256x256 pixels; the paper ranks by the validation metrics."""

    family = "TransNAS-Bench-101"
    tasks = tuple(
        Task(f"{name}{suffix}", f"{title}, {split} {metric}", unit)
        for split, suffix in (("validation", ""), ("test", "-test"))
        for name, (title, metric, unit) in METRICS.items()
    )
    published_width = 64
    input_size = 256
    classes = 47
    """Scenes of ``class_scene``, the default task."""
