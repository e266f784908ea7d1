"""A run as one file: gzip-compressed JSON with its specification, evaluations, result and history.

Files are untrusted: they are read as plain values, checked, and never executed; their results are recomputed from their
evaluations.
"""

from __future__ import annotations

import json
import math
import time
import zlib
from dataclasses import dataclass
from gzip import compress
from typing import Any

from eproxy_engine.errors import UserError, shortened, shown
from eproxy_engine.foreign import reading
from eproxy_engine.proxy import Evaluation, Outcome
from eproxy_engine.proxy.evaluation import ENGINE_VERSION, LONGEST_NOTE
from eproxy_engine.runs.kinds.registry import plan_of, specification_of
from eproxy_engine.runs.labels import LONGEST_TAG, Labels
from eproxy_engine.runs.plan import Plan, Replay, replayed
from eproxy_engine.runs.specification import Specification
from eproxy_engine.runs.store import Identity, Run, Store, stored_bytes

FORMAT = "eproxy-studio-run"
VERSION = 1
LARGEST_BYTES = 200_000_000
ACCEPTED = "a file that Eproxy Studio exported (.json.gz)"
CLOCKS_DIFFER_SECONDS = 86_400


def pack(store: Store, run_id: str) -> bytes:
    """Return the file of a run.

    Args:
        store: The store.
        run_id: ID of the run.

    Raises:
        UserError: If the run is unknown.
    """
    run = store.run(run_id)
    replay = replayed(plan_of(run.specification), store.outcomes)
    content = {
        "format": FORMAT,
        "version": VERSION,
        "engine": ENGINE_VERSION,
        "kind": run.kind,
        "created": run.created,
        **_about(run),
        "specification": run.specification.as_dict(),
        "evaluations": {
            key: _plain(outcome) | {"of": Identity.of(replay.asked[key])[1:]}
            for key, outcome in replay.outcomes.items()
        },
        "result": run.result,
        "history": store.history(run_id),
    }
    return compress(json.dumps(content).encode(), mtime=0)


def unpack(store: Store, content: bytes, origin: str) -> Run:
    """Add the run in a file to the store: finished if it is complete, else stopped.

    Nothing is added unless the whole file is valid; the result is recomputed. A run that is there already is returned.

    Args:
        store: The store.
        content: Content of the file.
        origin: Origin of the run, see :class:`~eproxy_engine.runs.store.Run`.

    Raises:
        UserError: If the file is invalid.
    """
    packed = read(content)
    with store.database.transaction():
        return there(store, packed) or add(store, packed, origin)


def there(store: Store, packed: Packed) -> Run | None:
    """Return the run of the store that a file was made of or has become, unless the file has more of it."""
    return next(
        (
            run
            for run in store.runs()
            if (run.created, run.specification) == (packed.created, packed.specification)
            and (run.status == "finished" or not packed.replay.complete)
        ),
        None,
    )


def add(store: Store, packed: Packed, origin: str) -> Run:
    """Add the run of a valid file to the store, within a transaction of the caller's."""
    return add_contents(store, _worked_out(packed), origin)


@dataclass(frozen=True)
class About:
    """What a file says of a run besides its numbers; older files say nothing of it."""

    labels: Labels
    started: float | None
    finished: float | None
    device: str | None

    @classmethod
    def of(cls, values: dict[str, Any]) -> About:
        """Return what the values of a file say. Raises any exception for values that are none."""
        carried_out = values.get("carried_out", {})
        started, finished, device = (carried_out.get(name) for name in ("started", "finished", "device"))
        return cls(
            Labels.from_dict(values.get("labels", {})),
            None if started is None else _time(started),
            None if finished is None else _time(finished),
            None if device is None else shortened(str(device), LONGEST_TAG),
        )


@dataclass(frozen=True)
class Packed:
    """A valid file."""

    specification: Specification
    created: float
    about: About
    plan: Plan
    """Plan, driven as far as the file's outcomes go."""
    replay: Replay

    @property
    def kind(self) -> str:
        """Name of the kind of run."""
        return self.specification.kind


@dataclass(frozen=True)
class Contents:
    """Content of a file for the store."""

    specification: Specification
    created: float
    about: About
    complete: bool
    outcomes: list[tuple[Identity, Outcome]]
    result: dict[str, Any] | None
    history: list[dict[str, Any]]


def _worked_out(packed: Packed) -> Contents:
    plan, replay = packed.plan, packed.replay
    return Contents(
        packed.specification,
        packed.created,
        packed.about,
        replay.complete,
        [(Identity.of(replay.asked[key]), outcome) for key, outcome in replay.outcomes.items()],
        plan.result(replay.outcomes),
        plan.history(),
    )


def add_contents(store: Store, contents: Contents, origin: str) -> Run:
    """Add a run to the store, within a transaction of the caller's."""
    store.put_all(contents.outcomes)
    status = "finished" if contents.complete else "stopped"
    run = store.add(contents.specification, origin, status, contents.created, contents.result)
    store.extend_history(run.id, 0, contents.history)
    about = contents.about
    store.database.change(
        "UPDATE runs SET started = ?, finished = coalesce(?, finished), device = ?, bytes = ? WHERE id = ?",
        (about.started, about.finished, about.device, stored_bytes(each for _, each in contents.outcomes), run.id),
    )
    return store.label(run.id, about.labels)


def _about(run: Run) -> dict[str, Any]:
    """Return what a file says of a run besides its numbers, as far as it is known."""
    labels, values = run.labels.as_dict(), {}
    if run.started is not None:
        carried_out = {"started": run.started, "finished": run.finished, "device": run.device}
        values["carried_out"] = {name: value for name, value in carried_out.items() if value is not None}
    return values | ({"labels": labels} if labels else {})


def read(content: bytes) -> Packed:
    """Read and check a run file. Raises UserError if it is invalid."""
    values = decompressed(content)
    with reading("the run file", ACCEPTED):
        specification = specification_of(values["kind"], values["specification"]).checked()
        found = {key: outcome_of(one) for key, one in values["evaluations"].items()}
        created, about = _time(values["created"]), About.of(values)
    plan = plan_of(specification)
    replay = replayed(plan, lambda wanted: {e.key: _checked(found[e.key], e) for e in wanted if e.key in found})
    for key in found:
        if key not in replay.asked:
            raise UserError(f"not a sound run file: evaluation {key!r} does not belong to its specification")
    return Packed(specification, created, about, plan, replay)


def decompressed(content: bytes) -> dict[str, Any]:
    """Return the values of a file. Raises UserError."""
    reader = zlib.decompressobj(wbits=31)
    with reading("the run file", ACCEPTED):
        text = reader.decompress(content, LARGEST_BYTES)
        if reader.unconsumed_tail:
            raise UserError(f"the run file is larger than {LARGEST_BYTES:,} bytes; accepted: smaller ones")
        values = json.loads(text)
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise UserError(f"not a run file; accepted: {ACCEPTED}")
    versions = (values.get("version"), values.get("engine"))
    if versions != (VERSION, ENGINE_VERSION):
        raise UserError(f"run file of version {shown(versions)}; accepted: {(VERSION, ENGINE_VERSION)} (file, engine)")
    return values


def _plain(outcome: Outcome) -> dict[str, Any]:
    values = [[value if math.isfinite(value) else None for value in row] for row in outcome.values]
    return {"values": values, "seconds": outcome.seconds, "peak_bytes": outcome.peak_bytes, "note": outcome.note}


def outcome_of(values: dict[str, Any]) -> Outcome:
    """Return what an evaluation of a file came to."""
    rows = values["values"] if "values" in values else values["losses"]  # as older files call them
    measured = tuple(tuple(math.nan if value is None else float(value) for value in row) for row in rows)
    peak, note = values.get("peak_bytes"), values.get("note")
    return Outcome(
        measured,
        float(values["seconds"]),
        None if peak is None else float(peak),
        None if note is None else str(note)[:LONGEST_NOTE],
    )


def _time(value: Any) -> float:
    """Return seconds since 1970, which must be in the past."""
    if not 0 <= float(value) <= time.time() + CLOCKS_DIFFER_SECONDS:
        raise ValueError(f"created is {value!r}")
    return float(value)


def _checked(outcome: Outcome, evaluation: Evaluation) -> Outcome:
    """Return the outcome if it has the right shape for the evaluation. Raises UserError otherwise."""
    key = evaluation.key
    flaw = evaluation.configuration.flaw(outcome.values)
    if flaw:
        raise UserError(f"not a sound run file: evaluation {key!r} {flaw}")
    if not 0 < outcome.seconds < math.inf:
        raise UserError(f"not a sound run file: evaluation {key!r} took {outcome.seconds} seconds")
    return outcome
