"""The store: finished evaluations and the runs that asked for them.

Evaluations are the only thing worth storing; everything else follows from them and a specification.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from eproxy_engine.errors import UserError
from eproxy_engine.foreign import reading
from eproxy_engine.home import data_directory
from eproxy_engine.proxy import Evaluation, Outcome
from eproxy_engine.runs.database import Database
from eproxy_engine.runs.kinds.registry import specification_of
from eproxy_engine.runs.liveness import is_alive
from eproxy_engine.runs.specification import Specification

STATUSES = ("queued", "running", "paused", "stopped", "finished", "failed", "interrupted")
"""``interrupted`` is not stored: it is a running one whose worker has died."""
ACTIVE = ("queued", "running")
"""What goes on, or soon will."""
WAITING = ("queued", "interrupted")
"""What a worker may take up by itself."""
RESUMABLE = ("paused", "stopped", "failed", "interrupted")
"""What goes on when somebody says so."""
KEYS_A_QUERY = 500
ACCEPTED = "what Eproxy Studio wrote; a damaged store has to be deleted"
KEPT = 1000
"""Specifications and results that stay read: pages ask for the list of runs all the time."""


@dataclass(frozen=True)
class Run:
    """One row: what was launched and where it stands."""

    id: str
    kind: str
    specification: Specification
    origin: str
    """``local``, ``sample`` (ships with the product) or ``imported``."""
    status: str
    request: str | None
    progress: dict[str, Any]
    result: dict[str, Any] | None
    """Shared by all who read the run; treat it as read-only."""
    error: str | None
    worker: str | None
    created: float
    started: float | None
    finished: float | None


class Identity(NamedTuple):
    """What an evaluation is kept under: its key, which says everything, and what people can read."""

    key: str
    space: str
    architecture: str
    configuration: str
    images: str
    seed: int

    @classmethod
    def of(cls, evaluation: Evaluation) -> Identity:
        """That of an evaluation."""
        digest = evaluation.configuration.digest()
        seen = evaluation.images_identity, evaluation.seed
        return cls(evaluation.key, evaluation.space, evaluation.architecture, digest, *seen)


class Store:
    """Open it where it is needed; several processes may hold the same file."""

    def __init__(self, path: str | Path | None = None) -> None:
        """``path``: the SQLite file, made if missing (default: in the data directory). Raises UserError."""
        self.database = Database(Path(path) if path else data_directory() / "store.sqlite3")

    @property
    def path(self) -> Path:
        """Where the store is."""
        return self.database.path

    def close(self) -> None:
        """Give the file back."""
        self.database.close()

    # --- evaluations ---

    def outcomes(self, evaluations: Iterable[Evaluation]) -> dict[str, Outcome]:
        """The stored outcomes among ``evaluations``, by key."""
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
        """Keep an outcome; the first one of a key stays."""
        self.put_all([(Identity.of(evaluation), outcome)])

    def put_all(self, outcomes: Iterable[tuple[Identity, Outcome]]) -> None:
        """Keep many; the first one of a key stays."""
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
        """How many are stored."""
        return int(self.database.query("SELECT count(*) FROM evaluations")[0][0])

    # --- runs ---

    def create(self, specification: Specification, origin: str = "local", status: str = "queued") -> Run:
        """A new run. ``queued``: the next free worker takes it; ``paused``: it is left to whoever made it."""
        return self.run(self._insert(specification.checked().from_any_folder(), origin, status, time.time()))

    def run(self, run_id: str) -> Run:
        """The run of that id. Raises UserError."""
        rows = self.database.query("SELECT * FROM runs WHERE id = ?", (run_id,))
        if not rows:
            known = [run.id for run in self.runs()]
            raise UserError(f"unknown run {run_id!r}; accepted: {', '.join(known) or 'none yet, launch one first'}")
        return _run(rows[0])

    def runs(self) -> list[Run]:
        """All runs, newest first."""
        return [_run(row) for row in self.database.query("SELECT * FROM runs ORDER BY created DESC")]

    def add(
        self, specification: Specification, origin: str, status: str, created: float, result: dict[str, Any] | None
    ) -> Run:
        """A run that was carried out elsewhere, by a specification that has been checked."""
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
        """Whether the shipped run of that name has been added before."""
        return bool(self.database.query("SELECT 1 FROM samples_added WHERE name = ?", (name,)))

    def take_sample(self, name: str) -> bool:
        """Whether the shipped run of that name is still to be added; from now on it is not."""
        return self.database.change("INSERT OR IGNORE INTO samples_added VALUES (?)", (name,)) == 1

    def next_queued(self) -> str | None:
        """Id of the run that has waited longest for a worker."""
        rows = self.database.query("SELECT id FROM runs WHERE status = 'queued' ORDER BY created LIMIT 1")
        return rows[0]["id"] if rows else None

    def ask(self, run_id: str, request: str) -> Run:
        """Ask for ``pause`` or ``stop``: done at once if nobody works on the run, else at the next evaluation."""
        ended = {"pause": "paused", "stop": "stopped"}[request]
        with self.database.transaction():
            run = self.run(run_id)
            if run.status == "running":
                self.database.change("UPDATE runs SET request = ? WHERE id = ?", (request, run_id))
            elif run.status in ("queued", "paused", "interrupted"):
                self.database.change("UPDATE runs SET status = ?, request = NULL WHERE id = ?", (ended, run_id))
            else:
                raise UserError(f"run {run_id} is {run.status}; to {request} it, it has to be queued or running")
        return self.run(run_id)

    def resume(self, run_id: str) -> Run:
        """Put a run that was paused, stopped, interrupted or failed back into the queue. Raises UserError."""
        with self.database.transaction():
            run = self.run(run_id)
            if run.status not in RESUMABLE:
                raise UserError(f"run {run_id} is {run.status}; accepted to resume: {', '.join(RESUMABLE)}")
            check_possible(run)
            self.database.change(
                "UPDATE runs SET status = 'queued', request = NULL, error = NULL, worker = NULL WHERE id = ?", (run_id,)
            )
        return self.run(run_id)

    def delete(self, run_id: str) -> None:
        """Forget a run; its evaluations stay, as other runs may use them. Raises UserError."""
        if self.run(run_id).status == "running":
            raise UserError(f"run {run_id} is running; stop it before deleting it")
        with self.database.transaction():
            self.forget_history(run_id)
            self.database.change("DELETE FROM runs WHERE id = ?", (run_id,))

    # --- histories: what a run has tried, one JSON object a trial ---

    def history(self, run_id: str) -> list[dict[str, Any]]:
        """What the run has tried so far, in order."""
        rows = self.database.query("SELECT trial FROM history WHERE run = ? ORDER BY place", (run_id,))
        return [json.loads(row["trial"]) for row in rows]

    def extend_history(self, run_id: str, start: int, trials: list[dict[str, Any]]) -> None:
        """Keep ``trials``, the first of which has place ``start``."""
        rows = ((run_id, place, json.dumps(trial)) for place, trial in enumerate(trials, start))
        self.database.change_all("INSERT OR REPLACE INTO history VALUES (?, ?, ?)", rows)

    def forget_history(self, run_id: str) -> None:
        """Before it is written anew: a replayed run has the same one again."""
        self.database.change("DELETE FROM history WHERE run = ?", (run_id,))


def check_possible(run: Run) -> None:
    """Raises UserError if the run could only fail: something that its specification names, its images say, is gone."""
    try:
        run.specification.checked()
    except UserError as error:
        raise UserError(f"run {run.id} stays {run.status}: {error}") from error


def _run(row: Any) -> Run:
    with reading(f"the run {row['id']!r} of the store", ACCEPTED):
        status = row["status"]
        if status == "running" and not is_alive(row["worker"], row["heartbeat"]):
            status = "interrupted"
        return Run(
            id=row["id"],
            kind=row["kind"],
            specification=_specification(row["kind"], row["specification"]),
            origin=row["origin"],
            status=status,
            request=row["request"],
            progress=dict(json.loads(row["progress"])),
            result=_result(row["result"]) if row["result"] else None,
            error=row["error"],
            worker=row["worker"],
            created=float(row["created"]),
            started=row["started"],
            finished=row["finished"],
        )


@lru_cache(maxsize=KEPT)
def _specification(kind: str, text: str) -> Specification:
    return specification_of(kind, json.loads(text))


@lru_cache(maxsize=KEPT)
def _result(text: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = json.loads(text)
    return found
