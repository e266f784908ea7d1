"""Trainings in the NDS archive, for one search space."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from eproxy_engine.benchmarks.importing.checked import Checked, Rejected
from eproxy_engine.benchmarks.table import PERCENT_DIGITS
from eproxy_engine.errors import UserError, shortened, shown
from eproxy_engine.spaces.anynet.space import AnyNet
from eproxy_engine.spaces.cells.space import CellSpace

NAME = "nds-archive"
"""Name of the imports."""
EPOCHS = (5, 10, 25)
"""Epochs after which the accuracy is also kept, for trainings with more."""
LONGEST_NET = 10_000
"""Maximum length of a network's description, in characters."""
LONGEST_SHOWN = 80
LONGEST_REASON = 300


class Trainings:
    """The rows of a file, accepted or rejected."""

    def __init__(self, family: AnyNet | CellSpace) -> None:
        self._family: Any = family
        self._rows: list[dict[str, str | float]] = []
        self._rejected: list[Rejected] = []
        self._departing = 0

    def take(self, number: int, row: object) -> None:
        """Accept or reject row ``number`` of the file."""
        net = ""
        try:
            if not isinstance(row, dict):
                raise UserError(f"{shown(row)} is not a training; accepted: an object with 'net' and 'test_ep_top1'")
            net = _net(row)
            architecture = self._family.parse(net)
            accuracies = self._accuracies(row)
        except UserError as error:
            reason = shortened(str(error), LONGEST_REASON)
            self._rejected.append(Rejected(number, shortened(net, LONGEST_SHOWN), reason))
            return
        counts = self._family.counts(architecture)
        self._departing += row.get("params") not in (None, counts.parameters)
        self._rows.append(
            {"architecture": str(architecture), "parameters": counts.parameters, "flops": counts.flops, **accuracies}
        )

    def _accuracies(self, row: dict[str, Any]) -> dict[str, float]:
        """Return the accuracies of a training by column, in per cent."""
        errors = row.get("test_ep_top1")
        if not isinstance(errors, list) or not errors:
            raise UserError(f"test_ep_top1 is {shown(errors)}; accepted: a list of errors, one per epoch")
        last, best = (task.name for task in self._family.tasks)
        early = [epochs for epochs in EPOCHS if epochs < len(errors)]
        return {
            last: _accuracy("test_ep_top1", errors[-1]),
            best: _accuracy("min_test_top1", row.get("min_test_top1")),
            **{f"{last}@{epochs}": _accuracy("test_ep_top1", errors[epochs - 1]) for epochs in early},
        }

    def checked(self, source: str) -> Checked:
        """Return all accepted rows, averaged over the trainings of each architecture, and the rejected ones."""
        table = pd.DataFrame(self._rows or {"architecture": pd.Series(dtype=str)})
        table = table.groupby("architecture", sort=False, as_index=False).mean().round(PERCENT_DIGITS)
        tasks = tuple(task for task in self._family.tasks if task.name in table)
        notes = tuple(self._notes(len(self._rows) - len(table)))
        return Checked(self._family.name, source, NAME, table, tasks, tuple(self._rejected), notes)

    def _notes(self, repeated: int) -> list[str]:
        notes = []
        if repeated:
            notes.append(f"{repeated:,} rows repeat an architecture; their accuracies are averaged.")
        if self._departing:
            notes.append(f"{self._departing:,} rows state a number of parameters that differs from the networks here.")
        return notes


def _net(row: dict[str, Any]) -> str:
    net = row.get("net")
    if not isinstance(net, dict):
        raise UserError(f"net is {shown(net)}; accepted: an object that describes a network")
    text = json.dumps(net)
    if len(text) > LONGEST_NET:
        raise UserError(f"net has {len(text):,} characters; accepted: up to {LONGEST_NET:,}")
    return text


def _accuracy(name: str, error: object) -> float:
    """Turn an error into an accuracy, both in per cent; ``name``: field of the error."""
    if isinstance(error, bool) or not isinstance(error, int | float) or not 0 <= error <= 100:
        raise UserError(f"{name} is {shown(error)}; accepted: an error of 0 to 100 per cent")
    return 100 - error
