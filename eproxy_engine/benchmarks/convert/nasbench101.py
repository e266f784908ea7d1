"""NAS-Bench-101 (Ying et al., 2019)."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import pandas as pd

from eproxy_engine import spaces
from eproxy_engine.spaces.nasbench101.canonical import OPERATIONS


def nasbench101(raw: Path) -> pd.DataFrame:
    """Return the paper's 2,500 and its 20 for DPS, 30,001 validation and 500 ImageNet accuracies, one row per cell."""
    single = pd.read_csv(raw / "nasbench101_30k.csv", dtype={"adj_upper": str, "ops": str})
    names = [
        ",".join(OPERATIONS[int(digit)] for digit in digits) if isinstance(digits, str) else ""
        for digits in single["ops"]
    ]
    valid = pd.DataFrame(
        {"architecture": [_nasbench101_text(f"{b}:{n}") for b, n in zip(single["adj_upper"], names, strict=True)]}
    )
    valid["cifar10-valid"] = single["val_acc_e108"] * 100
    for epochs in (4, 12, 36):
        valid[f"cifar10-valid@{epochs}"] = single[f"val_acc_e{epochs}"] * 100
    paper = _nasbench101_list(raw / "nasbench101/paper_2500.json", "cifar10", 100)
    twenty = _nasbench101_list(raw / "nasbench101/paper_dps_20.json", "cifar10", 100)
    twenty["in:paper-dps-20"] = True
    imagenet = _nasbench101_list(raw / "nasbench101/imagenet_500.json", "imagenet", 1)
    table = pd.concat([paper, twenty]).merge(imagenet, how="outer").merge(valid, how="outer")
    table["in:paper-dps-20"] = table["in:paper-dps-20"].fillna(False).astype(bool)
    return table


def _nasbench101_list(path: Path, task: str, scale: float) -> pd.DataFrame:
    rows = []
    for (matrix, operations), accuracy in json.loads(path.read_text("utf-8")):
        bits = "".join(str(matrix[i][j]) for i, j in combinations(range(len(operations)), 2))
        names = ",".join(name.removesuffix("-bn-relu") for name in operations[1:-1])
        rows.append({"architecture": _nasbench101_text(f"{bits}:{names}"), task: accuracy * scale})
    return pd.DataFrame(rows)


def _nasbench101_text(text: str) -> str:
    return str(spaces.get("nasbench101").parse(text))
