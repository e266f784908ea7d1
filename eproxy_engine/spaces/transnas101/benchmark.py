"""Common base class of the two TransNAS-Bench-101 search spaces (Duan et al., 2021)."""

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
"""Title, metric (higher is better) and unit of each task, by the benchmark's name."""


class TransNASBench101(SearchSpace[A]):
    """Networks trained on Taskonomy images of 256x256 pixels; the paper ranks by the validation metrics."""

    family = "TransNAS-Bench-101"
    tasks = tuple(
        Task(f"{name}{suffix}", f"{title}, {split} {metric}", unit, title + suffix.replace("-", ", "))
        for split, suffix in (("validation", ""), ("test", "-test"))
        for name, (title, metric, unit) in METRICS.items()
    )
    published_width = 64
    input_size = 256
    classes = 47
    """Number of scenes of ``class_scene``, the default task."""
