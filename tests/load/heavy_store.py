"""A store as years of use would leave it: copies of the shipped runs with made-up outcomes, a million evaluations."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from eproxy_engine.proxy import Evaluation, Outcome
from eproxy_engine.runs import Run, Store, bundled
from eproxy_engine.runs.kinds.registry import plan_of
from eproxy_engine.runs.plan import replayed

SHARES = {"evaluate": 60, "search": 25, "landscape": 8, "compare": 4, "dps": 3}
"""Of a hundred copies, those of each kind; working out what the last two found takes seconds each."""
HOUR = 3600.0

FILL = """
INSERT INTO evaluations
WITH RECURSIVE copies (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM copies WHERE number < ?)
SELECT lower(hex(randomblob(16))) AS key, space, architecture, configuration, images, seed + 1000 * number, parts,
    measured, seconds, created, peak_bytes, note
FROM copies CROSS JOIN evaluations ORDER BY key LIMIT ?
"""


def fill(store: Store, runs: int, evaluations: int) -> None:
    """Bring the store to that many runs and evaluations, at least; one that is there already is left as it is."""
    bundled.add_samples(store)
    shipped = [run for run in store.runs() if run.origin == "sample"]
    outcomes: dict[str, list[Outcome]] = {}
    missing = runs - len(store.runs())
    for number, run in enumerate(islice(_drawn(shipped), max(missing, 0)), 1):
        if run.id not in outcomes:
            outcomes[run.id] = _outcomes(store, run)
        with store.database.transaction():
            _copy(store, run, outcomes[run.id], number)
    wanted, there = evaluations - store.count_evaluations(), store.count_evaluations()
    if wanted > 0:
        store.database.change(FILL, (wanted // there + 1, wanted))


def _outcomes(store: Store, run: Run) -> list[Outcome]:
    return list(replayed(plan_of(run.specification), store.outcomes).outcomes.values())


def _drawn(shipped: list[Run]) -> Iterator[Run]:
    """Without end: kinds by their shares, the runs of a kind in turn."""
    draw = random.Random(3)  # the first few are evaluation runs, which tests fill in sooner
    turns = {kind: cycle([run for run in shipped if run.kind == kind]) for kind in SHARES}
    while True:
        kind = draw.choices(list(SHARES), list(SHARES.values()))[0]
        yield next(turns[kind])


def _copy(store: Store, run: Run, outcomes: list[Outcome], number: int) -> None:
    """The run with another seed, an hour older than the copy before."""
    changed: dict[str, Any] = (
        {"seed": 1000 + number} if run.kind in ("evaluate", "dps") else {"seeds": (1000 + number,)}
    )
    specification = replace(run.specification, **changed)
    plan, draw = plan_of(specification), random.Random(number)
    replay = replayed(plan, lambda wanted: {each.key: _made_up(each, outcomes, draw) for each in wanted})
    for key, outcome in replay.outcomes.items():
        store.put(replay.asked[key], outcome)
    created = time.time() - number * HOUR
    copied = store.add(specification, "local", "finished", created, plan.result(replay.outcomes))
    store.extend_history(copied.id, 0, plan.history())


def _made_up(evaluation: Evaluation, outcomes: list[Outcome], draw: random.Random) -> Outcome:
    """One of ``outcomes`` that could be its."""
    while True:
        outcome = draw.choice(outcomes)
        if evaluation.configuration.flaw(outcome.values) is None:
            return outcome


def open_heavy(home: Path, runs: int, evaluations: int) -> Store:
    """The store of the data directory ``home``, filled."""
    store = Store(home / "store.sqlite3")
    fill(store, runs, evaluations)
    return store
