"""Command that writes one Parquet table per search space."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from eproxy_engine.benchmarks.convert.complexity import with_complexity
from eproxy_engine.benchmarks.convert.darts import darts_cifar10_1000
from eproxy_engine.benchmarks.convert.nasbench101 import nasbench101
from eproxy_engine.benchmarks.convert.nasbench201 import nasbench201
from eproxy_engine.benchmarks.convert.nasbenchmr import nasbenchmr
from eproxy_engine.benchmarks.convert.nds import NDS_IMAGENET
from eproxy_engine.benchmarks.convert.transnas101 import transnas101_macro, transnas101_micro
from eproxy_engine.benchmarks.table import TABLES_FOLDER

CONVERTERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    "nasbench101": nasbench101,
    "nasbench201": nasbench201,
    "transnas101-micro": transnas101_micro,
    "transnas101-macro": transnas101_macro,
    "nasbench-mr": nasbenchmr,
    **NDS_IMAGENET,
    "darts-cifar10-1000": darts_cifar10_1000,
}
"""Converters by search space: raw folder -> canonical architecture, accuracies, subsets; one row per architecture."""


def main() -> None:
    """Convert the tables that the command line names."""
    if len(sys.argv) < 2:
        sys.exit("usage: python -m eproxy_engine.benchmarks.convert RAW_FOLDER [SPACE …]")
    raw, wanted = Path(sys.argv[1]), sys.argv[2:] or list(CONVERTERS)
    TABLES_FOLDER.mkdir(exist_ok=True)
    for space in wanted:
        table = with_complexity(space, CONVERTERS[space](raw))
        path = TABLES_FOLDER / f"{space}.parquet"
        table.to_parquet(path, compression="zstd", index=False)
        print(f"{path}: {len(table)} rows, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
