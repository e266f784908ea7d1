"""The official records of NAS-Bench-101 (Ying et al., 2019): ``nasbench_only108.tfrecord``, ``nasbench_full.tfrecord``.

A record is one training: a JSON list of the cell's hash, the epochs, the adjacency matrix as digits, the operations
separated by commas, and metrics (:mod:`.model_metrics`) in base64. A cell was trained three times for 108 epochs and,
in the full file, three times each for 4, 12 and 36; the accuracies are means. Memory holds the cells, not the records.
"""

from __future__ import annotations

import base64
import json
import math
from array import array
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd

from eproxy_engine import spaces
from eproxy_engine.benchmarks.importing.checked import Checked, Progress, refuse_known, shown_source
from eproxy_engine.benchmarks.importing.model_metrics import Metrics, decode
from eproxy_engine.benchmarks.importing.tfrecords import Damaged, records
from eproxy_engine.benchmarks.table import PERCENT_DIGITS
from eproxy_engine.errors import UserError
from eproxy_engine.foreign import reading, reason
from eproxy_engine.spaces import Task

SPACE = "nasbench101"
NAME = "nasbench101-records"
FINAL = 108
EPOCHS = (FINAL, 4, 12, 36)
TRAININGS = 3
CELLS = 423_624
TASKS = (
    Task("cifar10-valid-mean", "CIFAR-10, validation accuracy, mean of three trainings (your records)"),
    Task("cifar10-test-mean", "CIFAR-10, test accuracy, mean of three trainings (your records)"),
)
ACCEPTED = "an intact nasbench_only108.tfrecord or nasbench_full.tfrecord"


def check(path: str | Path, progress: Progress | None = None) -> Checked:
    """Check a file without keeping anything.

    Args:
        path: The records.
        progress: Called with bytes done and in total.

    Raises:
        UserError: If the file is damaged; the message names the offset.
    """
    refuse_known(SPACE, [task.name for task in TASKS], NAME)
    path, cells = Path(path), _Cells()
    what = f"the file {str(path)!r}"
    with reading(what, ACCEPTED), path.open("rb") as file:
        try:
            _read(file, cells, path.stat().st_size, progress)
        except Damaged as error:
            raise UserError(
                f"{what} is damaged at byte {error.offset:,}: {error.what}; accepted: {ACCEPTED}"
            ) from error
    return cells.checked(str(path))


def _read(file: BinaryIO, cells: _Cells, total: int, progress: Progress | None) -> None:
    for batch in records(file):
        for offset, content in batch:
            try:
                cells.take(content)
            except Exception as error:  # see eproxy_engine.foreign
                raise Damaged(offset, f"not a record of NAS-Bench-101: {reason(error)}") from error
        if progress is not None:
            progress(file.tell(), total)


class _Cells:
    """Sums over the trainings of each cell, in the order of the file."""

    def __init__(self) -> None:
        self._family = spaces.get(SPACE)
        self._places: dict[str, int] = {}
        """Index of each cell by hash."""
        self._architectures: dict[str, int] = {}
        self._parameters = array("q")
        self._sums = {epochs: [array("d") for _ in range(3)] for epochs in EPOCHS}
        """Number of trainings, sums of validation and of test accuracies, by epochs."""

    def take(self, content: bytes) -> None:
        """Add one record. Raises whatever reading foreign bytes does."""
        values = json.loads(content)
        if not isinstance(values, list) or [type(value) for value in values] != [str, int, str, str, str]:
            raise ValueError("it is not a list of hash, epochs, adjacency, operations and metrics")
        key, epochs, adjacency, operations, metrics = values
        if epochs not in EPOCHS:
            raise ValueError(f"a training of {epochs} epochs; accepted: {', '.join(map(str, sorted(EPOCHS)))}")
        training = decode(base64.b64decode(metrics))
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = self._place(adjacency, operations, training)
        for sums, value in zip(self._sums[epochs], (1, training.validation, training.test), strict=True):
            sums[place] += value

    def _place(self, adjacency: str, operations: str, training: Metrics) -> int:
        """Return the index of a cell with a new hash."""
        architecture = str(self._family.parse(_text(adjacency, operations)))
        place = self._architectures.setdefault(architecture, len(self._architectures))
        if place == len(self._parameters):
            self._parameters.append(training.parameters)
            for sums in self._sums.values():
                for each in sums:
                    each.append(0)
        return place

    def checked(self, path: str) -> Checked:
        """Return the means, in per cent."""
        table = pd.DataFrame(
            {
                "architecture": pd.Series(list(self._architectures), dtype=str),
                "parameters": np.array(self._parameters, dtype=float),
            }
        )
        for epochs, (trainings, *accuracies) in self._sums.items():
            count = np.array(trainings)
            for task, sums in zip(TASKS, accuracies, strict=True):
                if count.any():
                    column = task.name if epochs == FINAL else f"{task.name}@{epochs}"
                    table[column] = (100 * np.array(sums) / np.where(count > 0, count, math.nan)).round(PERCENT_DIGITS)
        if TASKS[0].name not in table:
            raise UserError(f"the file {path!r} has no training of {FINAL} epochs; accepted: {ACCEPTED}")
        return Checked(SPACE, shown_source(path), NAME, table, TASKS, notes=tuple(self._notes()))

    def _notes(self) -> list[str]:
        notes = []
        if len(self._architectures) != CELLS:
            notes.append(f"The file has {len(self._architectures):,} of the benchmark's {CELLS:,} cells.")
        fewer = sum(trainings != TRAININGS for trainings in self._sums[FINAL][0])
        if fewer:
            notes.append(f"{fewer:,} cells do not have {TRAININGS} trainings of {FINAL} epochs.")
        return notes


def _text(adjacency: str, operations: str) -> str:
    """Write a cell as the space does, from its whole matrix and the names of all vertices."""
    first, *inner, last = operations.split(",") if "," in operations else ("", "")
    size = len(inner) + 2
    rows = [adjacency[start : start + size] for start in range(0, len(adjacency), size)]
    upper = "".join(row[place + 1 :] for place, row in enumerate(rows))
    lower = "".join(row[: place + 1] for place, row in enumerate(rows))
    if (first, last) != ("input", "output") or len(adjacency) != size * size or set(lower) != {"0"}:
        raise ValueError(f"not a cell: matrix {adjacency[:60]!r}, operations {operations[:200]!r}")
    return f"{upper}:{','.join(name.removesuffix('-bn-relu') for name in inner)}"
