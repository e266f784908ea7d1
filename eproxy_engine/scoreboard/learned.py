"""The row that is not in the paper: the learned ranking by twenty labels, as it ships and as runs measure it.

``python -m eproxy_engine.scoreboard.learned`` computes ``learned.json`` again from the panels that ship.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from eproxy_engine import spaces
from eproxy_engine.learning.panels import panel
from eproxy_engine.learning.settings import RankingSettings
from eproxy_engine.runs import RankingSpecification, Run
from eproxy_engine.runs.command_line import command
from eproxy_engine.sampling import Sample, drawable

LABELS, HELD_OUT, DRAWS, SEED = 20, 500, 200, 1
TWINS = {"transnas101-micro": 100, "nasbench201": 50}
"""Further candidates where many architectures have an equal network, as those of labelled ones do not judge."""
SHIPPED = Path(__file__).with_name("learned.json")


def specification(space: str, task: str) -> RankingSpecification:
    """Return the learned ranking of a cell: 500 held-out architectures or as many as are measured.

    All tasks of a space have the same architectures. A task with fewer accuracies would draw others, whose scores do
    not ship: it is given those of the first task.
    """
    first = spaces.get(space).tasks[0].name
    sample = Sample("random", min(LABELS + HELD_OUT + TWINS.get(space, 0), drawable(space, first)), SEED)
    if drawable(space, task) != drawable(space, first):
        sample = Sample("picked", picked=tuple(sample.draw(space, first)["architecture"]))
    settings = RankingSettings(labels=LABELS, draws=DRAWS)
    return RankingSpecification(space, task, sample, panel("quick"), settings, seed=SEED)


@lru_cache(maxsize=1)
def shipped() -> dict[tuple[str, str], dict[str, Any]]:
    """Return the results that ship, by space and task."""
    if not SHIPPED.exists():
        return {}
    return {(row["space"], row["task"]): row for row in json.loads(SHIPPED.read_text("utf-8"))}


def result_of(space: str, task: str, runs: Iterable[Run]) -> tuple[dict[str, Any], Run | None] | None:
    """Return the result of the newest finished run of a cell, else the one that ships; None if there is neither."""
    wanted = specification(space, task)
    for run in runs:
        if run.status == "finished" and run.specification == wanted and "rho" in (run.result or {}):
            return run.result or {}, run
    row = shipped().get((space, task))
    return None if row is None else (row, None)


def computed(space: str, task: str) -> dict[str, Any]:
    """Compute the result of a cell from the panels that ship. Raises UserError if scores are missing."""
    from eproxy_engine.errors import UserError
    from eproxy_engine.runs.kinds.ranking.problem import problem_of
    from eproxy_engine.runs.kinds.ranking.result import judged

    given = specification(space, task).checked()
    problem = problem_of(given, {})
    if problem is None:
        raise UserError(f"scores of {space} do not ship; `python -m eproxy_engine panel` computes them")
    return {"space": space, "task": task, "command": command(given), **judged(problem)}


def renew() -> None:
    """Compute all cells of Tables 2 to 5 whose panels ship, and keep them in :data:`SHIPPED`."""
    from concurrent.futures import ProcessPoolExecutor

    from eproxy_engine.learning.panels import shipped as panels
    from eproxy_engine.scoreboard.recipes import PLACES

    places = sorted(each for each in PLACES if each[0] and drawable(*each) and panels(each[0]) is not None)
    with ProcessPoolExecutor() as pool:
        rows = list(pool.map(computed, *zip(*places, strict=True)))
    SHIPPED.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")
    for row in rows:
        print(f"{row['space']}, {row['task']}: n {row['n']}, ρ {_text(row['rho'])}, top-10% {_text(row['top10'])}")


def _text(found: dict[str, Any]) -> str:
    return f"{found['mean']:.3f} ± {found['sd']:.3f}"


if __name__ == "__main__":
    renew()
