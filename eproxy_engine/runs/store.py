"""The store: finished evaluations and the runs that asked for them.

Only evaluations need to be stored; everything else follows from them and a specification.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from eproxy_engine.errors import UserError
from eproxy_engine.foreign import reading
from eproxy_engine.home import data_directory
from eproxy_engine.proxy import Evaluation, Outcome
from eproxy_engine.runs.database import Database
from eproxy_engine.runs.labels import Labels, stored
from eproxy_engine.runs.run import ACCEPTED, Run, run_of
from eproxy_engine.runs.specification import Specification

STATUSES = ("queued", "running", "paused", "stopped", "finished", "failed", "interrupted")
"""All statuses. ``interrupted`` is not stored: it is a running run whose worker has died."""
ACTIVE = ("queued", "running")
"""Statuses of runs that are running or soon will."""
WAITING = ("queued", "interrupted")
"""Statuses of runs that a worker may take up by itself."""
RESUMABLE = ("paused", "stopped", "failed", "interrupted")
"""Statuses of runs that continue on request."""
KEYS_A_QUERY = 500
BYTES_A_VALUE, BYTES_A_ROW = 8, 300
"""Size of a measured value, and of all else in the row of an evaluation: its key, architecture and index."""


class Identity(NamedTuple):
    """Identity of a stored evaluation: its key, which determines everything, and readable columns."""

    key: str
    space: str
    architecture: str
    configuration: str
    images: str
    seed: int

    @classmethod
    def of(cls, evaluation: Evaluation) -> Identity:
        """Return the identity of an evaluation."""
        digest = evaluation.configuration.digest()
        seen = evaluation.images_identity, evaluation.seed
        return cls(evaluation.key, evaluation.space, evaluation.architecture, digest, *seen)


def stored_bytes(outcomes: Iterable[Outcome]) -> int:
    """Return about the size of outcomes in the store."""
    return sum(BYTES_A_VALUE * len(each.values) * len(each.values[0]) + BYTES_A_ROW for each in outcomes)


class Store:
    """Store of evaluations and runs in one SQLite file, which several processes can open at once.

    Args:
        path: The SQLite file, created if missing; None for the one in the data directory.

    Raises:
        UserError: If the file cannot be used.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self.database = Database(Path(path) if path else data_directory() / "store.sqlite3")

    @property
    def path(self) -> Path:
        """Path of the file."""
        return self.database.path

    def close(self) -> None:
        """Close the file."""
        self.database.close()

    # --- evaluations ---

    def outcomes(self, evaluations: Iterable[Evaluation]) -> dict[str, Outcome]:
        """Return the stored outcomes among ``evaluations``, by key."""
        keys = list(dict.fromkeys(evaluation.key for evaluation in evaluations))
        found = {}
        for start in range(0, len(keys), KEYS_A_QUERY):
            chunk = tuple(keys[start : start + KEYS_A_QUERY])
            marks = ",".join("?" * len(chunk))
            for row in self.database.query(f"SELECT * FROM evaluations WHERE key IN ({marks})", chunk):
                with reading(f"the evaluation {row['key']!r} of the store", ACCEPTED):
                    values = np.frombuffer(row["measured"], "<f8").reshape(-1, row["parts"])
                found[row["key"]] = Outcome(
                    tuple(map(tuple, values.tolist())), row["seconds"], row["peak_bytes"], row["note"]
                )
        return found

    def put(self, evaluation: Evaluation, outcome: Outcome) -> None:
        """Store an outcome, unless there is one with its key."""
        self.put_all([(Identity.of(evaluation), outcome)])

    def put_all(self, outcomes: Iterable[tuple[Identity, Outcome]]) -> None:
        """Store many outcomes, unless there are ones with their keys."""
        self.database.change_all(
            "INSERT INTO evaluations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
            (
                (
                    *identity,
                    len(outcome.values[0]),
                    np.asarray(outcome.values, "<f8").tobytes(),
                    outcome.seconds,
                    time.time(),
                    outcome.peak_bytes,
                    outcome.note,
                )
                for identity, outcome in outcomes
            ),
        )

    def count_evaluations(self) -> int:
        """Count the stored evaluations."""
        return int(self.database.query("SELECT count(*) FROM evaluations")[0][0])

    # --- runs ---

    def create(self, specification: Specification, origin: str = "local", status: str = "queued") -> Run:
        """Create a run.

        Args:
            specification: What to run.
            origin: Origin, see :class:`Run`.
            status: ``queued`` for the next free worker, or ``paused`` for the caller to carry out.

        Raises:
            UserError: If the specification names something that does not exist.
        """
        return self.run(self._insert(specification.checked().from_any_folder(), origin, status, time.time()))

    def run(self, run_id: str) -> Run:
        """Return a run. Raises UserError if the ID is unknown."""
        rows = self.database.query("SELECT * FROM runs WHERE id = ?", (run_id,))
        if not rows:
            known = [run.id for run in self.runs()]
            raise UserError(f"unknown run {run_id!r}; accepted: {', '.join(known) or 'none yet, launch one first'}")
        return run_of(rows[0])

    def runs(self) -> list[Run]:
        """Return all runs, newest first."""
        return [run_of(row) for row in self.database.query("SELECT * FROM runs ORDER BY created DESC")]

    def add(
        self, specification: Specification, origin: str, status: str, created: float, result: dict[str, Any] | None
    ) -> Run:
        """Add a run that was carried out elsewhere, with a checked specification."""
        run_id = self._insert(specification, origin, status, created)
        self.database.change(
            "UPDATE runs SET finished = ?, result = ? WHERE id = ?", (created, json.dumps(result), run_id)
        )
        return self.run(run_id)

    def _insert(self, specification: Specification, origin: str, status: str, created: float) -> str:
        run_id = uuid.uuid4().hex[:8]
        self.database.change(
            "INSERT INTO runs (id, kind, specification, origin, status, created) VALUES (?, ?, ?, ?, ?, ?)",
            (run_id, specification.kind, json.dumps(specification.as_dict()), origin, status, created),
        )
        return run_id

    def has_taken_sample(self, name: str) -> bool:
        """Return whether the bundled run of that name has been added before."""
        return bool(self.database.query("SELECT 1 FROM samples_added WHERE name = ?", (name,)))

    def take_sample(self, name: str) -> bool:
        """Mark the bundled run of that name as added; return whether it was not before."""
        return self.database.change("INSERT OR IGNORE INTO samples_added VALUES (?)", (name,)) == 1

    def next_queued(self) -> str | None:
        """Return the ID of the run that has waited longest for a worker; None if none waits."""
        rows = self.database.query("SELECT id FROM runs WHERE status = 'queued' ORDER BY created LIMIT 1")
        return rows[0]["id"] if rows else None

    def ask(self, run_id: str, request: str) -> Run:
        """Request ``pause`` or ``stop``: effective at the next evaluation, or at once if no worker has the run.

        Raises UserError if the run is unknown or has ended.
        """
        ended = {"pause": "paused", "stop": "stopped"}[request]
        with self.database.transaction():
            run = self.run(run_id)
            if run.status == "running":
                self.database.change("UPDATE runs SET request = ? WHERE id = ?", (request, run_id))
            elif run.status in ("queued", "paused", "interrupted"):
                self.database.change("UPDATE runs SET status = ?, request = NULL WHERE id = ?", (ended, run_id))
            else:
                raise UserError(f"run {run_id} is {run.status}; to {request} it, it must be queued or running")
        return self.run(run_id)

    def resume(self, run_id: str) -> Run:
        """Put a run back into the queue. Raises UserError unless it is resumable and can be carried out."""
        with self.database.transaction():
            run = self.run(run_id)
            if run.status not in RESUMABLE:
                raise UserError(f"run {run_id} is {run.status}; accepted to resume: {', '.join(RESUMABLE)}")
            check_possible(run)
            self.database.change(
                "UPDATE runs SET status = 'queued', request = NULL, error = NULL, worker = NULL WHERE id = ?", (run_id,)
            )
        return self.run(run_id)

    def label(self, run_id: str, labels: Labels) -> Run:
        """Give a run a name, tags and a note. Raises UserError if it is unknown or they are too long."""
        values = stored(labels.checked())
        if not self.database.change("UPDATE runs SET name = ?, tags = ?, note = ? WHERE id = ?", (*values, run_id)):
            self.run(run_id)  # says which are known
        return self.run(run_id)

    def delete(self, run_id: str) -> None:
        """Delete a run but keep its evaluations, which others may use. Raises UserError if it is unknown or running."""
        if self.run(run_id).status == "running":
            raise UserError(f"run {run_id} is running; stop it before deleting it")
        with self.database.transaction():
            self.forget_history(run_id)
            self.database.change("DELETE FROM runs WHERE id = ?", (run_id,))

    # --- histories: the trials of a run, one JSON object each ---

    def history(self, run_id: str) -> list[dict[str, Any]]:
        """Return the trials of a run so far, in order."""
        rows = self.database.query("SELECT trial FROM history WHERE run = ? ORDER BY place", (run_id,))
        return [json.loads(row["trial"]) for row in rows]

    def extend_history(self, run_id: str, start: int, trials: list[dict[str, Any]]) -> None:
        """Store ``trials``, the first of which has index ``start``."""
        rows = ((run_id, place, json.dumps(trial)) for place, trial in enumerate(trials, start))
        self.database.change_all("INSERT OR REPLACE INTO history VALUES (?, ?, ?)", rows)

    def forget_history(self, run_id: str) -> None:
        """Delete a history before it is written again: a replayed run has the same one."""
        self.database.change("DELETE FROM history WHERE run = ?", (run_id,))


def check_possible(run: Run) -> None:
    """Raise UserError if the run could only fail because something that it needs, such as its images, is missing."""
    try:
        run.specification.checked()
    except UserError as error:
        raise UserError(f"run {run.id} stays {run.status}: {error}") from error
