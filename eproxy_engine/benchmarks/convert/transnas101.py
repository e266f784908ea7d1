"""TransNAS-Bench-101 (Duan et al., 2021)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

METRICS = {
    "class_scene": "top1",
    "class_object": "top1",
    "room_layout": "neg_loss",
    "jigsaw": "top1",
    "segmentsemantic": "mIoU",
    "normal": "ssim",
    "autoencoder": "ssim",
}
"""The published metric by which the paper ranks, by task; higher is better."""


def transnas101_micro(raw: Path) -> pd.DataFrame:
    """Return the 4,096 cells."""
    return _part(raw, "micro")


def transnas101_macro(raw: Path) -> pd.DataFrame:
    """Return the 3,256 skeletons."""
    return _part(raw, "macro")


def _part(raw: Path, part: str) -> pd.DataFrame:
    published = pd.read_csv(raw / "transnas101.csv")
    published = published[published["space"] == part]
    columns = {
        f"{task}{suffix}": f"{task}_{split}_{metric}"
        for split, suffix in (("valid", ""), ("test", "-test"))
        for task, metric in METRICS.items()
    }
    return published[["arch", *columns.values()]].set_axis(["architecture", *columns], axis=1)
