"""Do our zero-cost proxies rank NAS-Bench-201 as the published scores do?

The published ones are those of NAS-Bench-Suite-Zero (Krishnakumar et al. 2022), as `nasbench201__TASK.csv` in FOLDER.
They were measured with other initial weights and, mostly, other images and labels: no closer agreement can be expected
than that of our own scores with ours at another seed, which the table therefore also shows.

    PYTHONPATH=. python docs/studies/published_scores.py FOLDER [--task cifar10] [--architectures 100] [--batch 64]
        [--proxy NAME …] [--images SOURCE] [--seeds 1 2] [--workers 1]
"""

from __future__ import annotations

import argparse
import ast
import math
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from eproxy_engine import benchmarks
from eproxy_engine.baselines import Baseline, registry
from eproxy_engine.proxy import Evaluation
from eproxy_engine.runs.executors import make
from eproxy_engine.spaces.nasbench201.space import Cell
from eproxy_engine.statistics import spearman

SPACE = "nasbench201"
PUBLISHED_OPERATIONS = ("skip_connect", "none", "nor_conv_3x3", "nor_conv_1x1", "avg_pool_3x3")
PUBLISHED_EDGES = ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3))
COLUMNS = {"jacob_cov": "jacov", "naswot": "nwot"}
"""Published columns that are not named as our proxy is."""
COUNTS = {"parameters": "params", "flops": "flops"}
SAMPLE_SEED = 1
LOWEST = float(np.finfo(float).min)

Floats = NDArray[np.float64]


def main() -> None:
    """Measure, compare, print one line a proxy."""
    given = _arguments()
    rows = _sample(pd.read_csv(Path(given.folder) / f"nasbench201__{given.task}.csv"), given.architectures)
    names = [name for name in given.proxy or registry.names() if COLUMNS.get(name, name) in rows]
    counts = benchmarks.load(SPACE).set_index("architecture").loc[rows["architecture"]]
    scores = {count: counts[count].to_numpy(float)[None] for count in COUNTS}
    scores |= _scores(names, list(rows["architecture"]), given)
    lines = [_line(name, ours, rows) for name, ours in scores.items()]
    print(
        f"{given.task}, {given.images}, batch {given.batch}, seeds {given.seeds}. Spearman's ρ of our scores with the"
    )
    print(
        "published ones, with ours at the second seed and with accuracy; of the published ones with accuracy (theirs)."
    )
    print(pd.DataFrame(lines).to_string(index=False, float_format="%.3f", na_rep=""))


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


def _scores(names: list[str], architectures: list[str], given: argparse.Namespace) -> dict[str, Floats]:
    """By proxy, shape (seeds, architectures), at the benchmark's own width; -inf where it failed."""
    asked = {
        name: [[_evaluation(name, text, seed, given) for text in architectures] for seed in given.seeds]
        for name in names
    }
    distinct = {evaluation for table in asked.values() for row in table for evaluation in row}
    with closing(make("cpu", given.workers)) as executor:
        found = dict(executor.run(sorted(distinct, key=lambda evaluation: evaluation.key)))
    return {
        name: np.array([[found[e].score(Baseline(name), 0.0) for e in row] for row in table])
        for name, table in asked.items()
    }


def _evaluation(name: str, architecture: str, seed: int, given: argparse.Namespace) -> Evaluation:
    return Evaluation.of(SPACE, architecture, Baseline(name, given.batch, "published"), given.images, seed)


def _line(name: str, ours: Floats, rows: pd.DataFrame) -> dict[str, object]:
    """``ours``: shape (seeds, architectures). Failures rank last on both sides."""
    rows = rows.assign(published=rows[{**COUNTS, **COLUMNS}.get(name, name)])
    known = rows["published"].notna().to_numpy()
    published, accuracy = (rows.loc[known, column].to_numpy(float) for column in ("published", "val_accuracy"))
    first, *others = np.maximum(ours[:, known], LOWEST)
    return {
        "proxy": name,
        "n": int(known.sum()),
        "failed": int((~np.isfinite(ours)).sum()),
        "published": spearman(published, first),
        "seeds": spearman(others[0], first) if others else math.nan,
        "accuracy": spearman(first, accuracy),
        "theirs": spearman(published, accuracy),
    }


if __name__ == "__main__":
    main()
