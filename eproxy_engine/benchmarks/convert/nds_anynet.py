"""The residual design spaces of NDS on ImageNet (Radosavovic et al., 2019)."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from eproxy_engine import spaces


def nds_imagenet_resnext_a(raw: Path) -> pd.DataFrame:
    """130 networks."""
    return _imagenet(raw, "ResNeXt-A_in", "nds-imagenet-resnext-a")


def nds_imagenet_resnext_b(raw: Path) -> pd.DataFrame:
    """164 networks."""
    return _imagenet(raw, "ResNeXt-B_in", "nds-imagenet-resnext-b")


def _imagenet(raw: Path, published: str, space: str) -> pd.DataFrame:
    rows = [row for row in json.loads((raw / "nds_imagenet.json").read_text()) if row["space"] == published]
    return pd.DataFrame(
        {
            "architecture": [str(spaces.get(space).parse(json.dumps(row["net"]))) for row in rows],
            "imagenet": [row["final_test_acc"] for row in rows],
            "imagenet-best": [row["best_test_acc"] for row in rows],
        }
    )
