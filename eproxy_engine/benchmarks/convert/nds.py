"""The search spaces of NDS on ImageNet (Radosavovic et al., 2019)."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd

from eproxy_engine import spaces

PUBLISHED = {
    "nds-imagenet-darts": "DARTS_in",
    "nds-imagenet-darts-fix-w-d": "DARTS_fix-w-d_in",
    "nds-imagenet-amoeba": "Amoeba_in",
    "nds-imagenet-enas": "ENAS_in",
    "nds-imagenet-nasnet": "NASNet_in",
    "nds-imagenet-pnas": "PNAS_in",
    "nds-imagenet-resnext-a": "ResNeXt-A_in",
    "nds-imagenet-resnext-b": "ResNeXt-B_in",
}
"""Names of the spaces in NDS, by our names."""


def nds_imagenet(raw: Path, space: str) -> pd.DataFrame:
    """Return all networks of one of the spaces of :data:`PUBLISHED`."""
    rows = [
        row for row in json.loads((raw / "nds_imagenet.json").read_text("utf-8")) if row["space"] == PUBLISHED[space]
    ]
    return pd.DataFrame(
        {
            "architecture": [str(spaces.get(space).parse(json.dumps(row["net"]))) for row in rows],
            "imagenet": [row["final_test_acc"] for row in rows],
            "imagenet-best": [row["best_test_acc"] for row in rows],
        }
    )


NDS_IMAGENET: dict[str, Callable[[Path], pd.DataFrame]] = {
    space: partial(nds_imagenet, space=space) for space in PUBLISHED
}
