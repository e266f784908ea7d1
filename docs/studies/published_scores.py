"""Do our zero-cost proxies rank NAS-Bench-201 as the published scores do?

The published ones are those of NAS-Bench-Suite-Zero (Krishnakumar et al. 2022), as `nasbench201__TASK.csv` in FOLDER.
They were measured with other initial weights and, mostly, other images and labels: no closer agreement can be expected
than that of our own scores with ours at another seed, which the table therefore also shows.

    python docs/studies/published_scores.py FOLDER [--task cifar10] [--architectures 100] [--batch 64] [--proxy NAME …]
        [--images SOURCE] [--seeds 1 2] [--workers 1]
"""

from __future__ import annotations

import argparse
import ast
import math
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from eproxy_engine import benchmarks, images, spaces
from eproxy_engine.baselines import registry
from eproxy_engine.baselines.classifier import build
from eproxy_engine.proxy.initialisation import seeded
from eproxy_engine.spaces.nasbench201.space import Cell
from eproxy_engine.statistics import spearman

SPACE = spaces.get("nasbench201")
PUBLISHED_OPERATIONS = ("skip_connect", "none", "nor_conv_3x3", "nor_conv_1x1", "avg_pool_3x3")
PUBLISHED_EDGES = ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3))
COLUMNS = {"jacob_cov": "jacov", "naswot": "nwot"}
"""Published columns that are not named as our proxy is."""
COUNTS = {"parameters": "params", "flops": "flops"}
SAMPLE_SEED = 1


@dataclass(frozen=True)
class Measurement:
    """One architecture measured by one proxy, at one seed."""

    proxy: str
    architecture: str
    seed: int


def main() -> None:
    """Measure, compare, print one line a proxy."""
    given = _arguments()
    torch.set_num_threads(1)
    rows = _sample(pd.read_csv(Path(given.folder) / f"nasbench201__{given.task}.csv"), given.architectures)
    names = [name for name in given.proxy or registry.names() if COLUMNS.get(name, name) in rows]
    wanted = [Measurement(*each) for each in product(names, rows["architecture"], given.seeds)]
    found = _measured(wanted, given.images, given.batch, given.workers)
    print(f"{given.task}, {given.images}, batch {given.batch}, seeds {given.seeds}: Spearman's ρ")
    print(f"{'proxy':<12}{'n':>5}{'failed':>8}{'published':>11}{'seeds':>8}{'accuracy':>10}{'published with accuracy':>25}")
    table = SPACE_TABLE.loc[rows["architecture"]]
    for count, column in COUNTS.items():
        _print(count, [table[count].to_numpy(float)], rows[column], rows["val_accuracy"])
    for name in names:
        sign = 1 if registry.get(name).higher_is_better else -1
        ours = [
            np.array([sign * found[Measurement(name, text, seed)] for text in rows["architecture"]])
            for seed in given.seeds
        ]
        _print(name, ours, rows[COLUMNS.get(name, name)], rows["val_accuracy"])


SPACE_TABLE = benchmarks.load(SPACE.name).set_index("architecture")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--task", default="cifar10")
    parser.add_argument("--architectures", type=int, default=100)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--proxy", nargs="+")
    parser.add_argument("--images", default="bundled")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--workers", type=int, default=1)
    return parser.parse_args()


def _sample(published: pd.DataFrame, size: int) -> pd.DataFrame:
    """Random rows of those with all scores, with our text of the architecture."""
    complete = published[published["params"].notna()]
    rows = complete.sample(min(size, len(complete)), random_state=SAMPLE_SEED)
    return rows.assign(architecture=[_text(indices) for indices in rows["arch"]])


def _text(indices: str) -> str:
    """Ours for the published ``(4, 0, 3, 1, 4, 3)``: operations of the edges, ordered by source."""
    operations = [PUBLISHED_OPERATIONS[index] for index in ast.literal_eval(indices)]
    by_target = sorted(zip(PUBLISHED_EDGES, operations, strict=True), key=lambda pair: (pair[0][1], pair[0][0]))
    return str(Cell(tuple(operation for _, operation in by_target)))


def _measured(wanted: list[Measurement], source: str, batch: int, workers: int) -> dict[Measurement, float]:
    measure = partial(_value, source=source, batch=batch)
    if workers == 1:
        return {each: measure(each) for each in wanted}
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), torch.set_num_threads, (1,)) as pool:
        return dict(zip(wanted, pool.map(measure, wanted, chunksize=4), strict=True))


def _value(what: Measurement, source: str, batch: int) -> float:
    """The proxy's value of the network at the benchmark's own width."""
    network = build(SPACE, SPACE.parse(what.architecture), SPACE.published_width, what.seed)
    pixels = torch.from_numpy(images.load_batch(source, batch, seed=what.seed))
    with seeded(what.seed, "labels"):
        labels = torch.randint(SPACE.classes, (batch,))
    with seeded(what.seed, what.proxy):
        return registry.get(what.proxy).measure(network, pixels, labels)


def _print(name: str, ours: list[np.ndarray], published: pd.Series, accuracy: pd.Series) -> None:
    theirs = published.to_numpy(float)
    known = ~np.isnan(theirs)
    theirs = np.where(np.isfinite(theirs), theirs, -np.inf)[known]
    first = ours[0][known]
    finite = np.where(np.isfinite(first), first, np.finfo(float).min)
    failed = sum(int((~np.isfinite(values)).sum()) for values in ours)
    again = spearman(ours[1][known], finite) if len(ours) > 1 else math.nan
    accuracies = accuracy.to_numpy(float)[known]
    print(
        f"{name:<12}{known.sum():>5}{failed:>8}{spearman(theirs, finite):>11.3f}{again:>8.3f}"
        f"{spearman(first, accuracies):>10.3f}{spearman(theirs, accuracies):>25.3f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
