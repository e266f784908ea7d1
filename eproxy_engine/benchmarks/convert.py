"""Turns the raw published figures into the compact tables this package ships.

    python -m eproxy_engine.benchmarks.convert RAW_FOLDER

``RAW_FOLDER`` holds the files that PROVENANCE.md names. Parameters and FLOPs that a benchmark does not
publish are counted on the built network (:mod:`eproxy_engine.spaces.complexity`).
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import combinations
from pathlib import Path

import pandas as pd

from eproxy_engine import spaces
from eproxy_engine.benchmarks.table import DIGITS, TABLES_FOLDER
from eproxy_engine.spaces.nasbench101.cell import OPERATIONS


def nasbench201(raw: Path) -> pd.DataFrame:
    """All 15,625 rows. Parameters and FLOPs are counted, as 204 published parameter counts are wrong."""
    published = pd.read_csv(raw / "nasbench201.csv")
    columns = {
        "cifar10": "c10valid_val",
        "cifar100": "c100_val",
        "imagenet16-120": "in16_val",
        "cifar10-valid-test": "c10valid_test",
        "cifar10-test": "c10_test",
        "cifar100-test": "c100_test",
        "imagenet16-120-test": "in16_test",
        "cifar10@12": "e12_c10valid_val",
        "cifar100@12": "e12_c100_val",
        "imagenet16-120@12": "e12_in16_val",
        "cifar10-test@12": "e12_c10_test",
        "cifar100-test@12": "e12_c100_test",
        "imagenet16-120-test@12": "e12_in16_test",
    }
    accuracies = published[list(columns.values())].set_axis(list(columns), axis=1)
    return _with_complexity("nasbench201", published["arch_str"].rename("architecture").to_frame().join(accuracies))


def nasbench101(raw: Path) -> pd.DataFrame:
    """The paper's 2,500, its 20 for DPS, 30,001 validation accuracies and 500 ImageNet accuracies, one row a cell."""
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
    return _with_complexity("nasbench101", table)


def _nasbench101_list(path: Path, task: str, scale: float) -> pd.DataFrame:
    rows = []
    for (matrix, operations), accuracy in json.loads(path.read_text()):
        bits = "".join(str(matrix[i][j]) for i, j in combinations(range(len(operations)), 2))
        names = ",".join(name.removesuffix("-bn-relu") for name in operations[1:-1])
        rows.append({"architecture": _nasbench101_text(f"{bits}:{names}"), task: accuracy * scale})
    return pd.DataFrame(rows)


def _nasbench101_text(text: str) -> str:
    return str(spaces.get("nasbench101").parse(text))


def _with_complexity(space: str, table: pd.DataFrame) -> pd.DataFrame:
    """Adds parameters and FLOPs, sorts by architecture and rounds the accuracies."""
    table = table.sort_values("architecture", ignore_index=True)
    with ProcessPoolExecutor() as pool:
        counts = list(pool.map(_complexity, [space] * len(table), table["architecture"], chunksize=200))
    table.insert(1, "parameters", [parameters for parameters, _ in counts])
    table.insert(2, "flops", [flops for _, flops in counts])
    accuracies = table.select_dtypes("float").columns
    return table.astype(dict.fromkeys(accuracies, "float32")).round(dict.fromkeys(accuracies, DIGITS))


def _complexity(space: str, architecture: str) -> tuple[int, int]:
    from eproxy_engine.spaces.complexity import count

    complexity = count(spaces.get(space), spaces.get(space).parse(architecture))
    return complexity.parameters, complexity.flops


def main() -> None:
    """Writes one Parquet table a search space."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m eproxy_engine.benchmarks.convert RAW_FOLDER")
    raw = Path(sys.argv[1])
    TABLES_FOLDER.mkdir(exist_ok=True)
    for convert in (nasbench101, nasbench201):
        table = convert(raw)
        path = TABLES_FOLDER / f"{convert.__name__}.parquet"
        table.to_parquet(path, compression="zstd", index=False)
        print(f"{path}: {len(table)} rows, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
