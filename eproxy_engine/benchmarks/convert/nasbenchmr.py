"""NAS-Bench-MR (Ding et al., 2021)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from eproxy_engine import spaces

COLUMNS = {
    "cls-a": "cls_50_1000",
    "cls-b": "cls_50_100",
    "cls-c": "cls_10_1000",
    "cls-10c": "cls_10c",
    "seg": "seg",
    "seg-4x": "seg_4x",
    "3ddet": "3ddet",
    "video": "video",
    "video-p": "video_p",
}
FAILED_DETECTION = 1.0
"""Average precision (%) below which training failed: the values are 0, 0 and 0.07; the next one is 12.9."""


def nasbenchmr(raw: Path) -> pd.DataFrame:
    """Return all 2,507 rows; 3D detection is unknown (nan) for failed trainings."""
    published = pd.read_csv(raw / "nasbench_mr.csv")
    table = published[list(COLUMNS.values())].set_axis(list(COLUMNS), axis=1)
    table["3ddet"] = table["3ddet"].where(table["3ddet"] >= FAILED_DETECTION)
    space = spaces.get("nasbench-mr")
    table.insert(0, "architecture", [str(space.parse(text)) for text in published["arch_json"]])
    return table
