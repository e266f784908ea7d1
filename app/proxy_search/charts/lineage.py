"""Lineage of a configuration: its ancestors back to a random one, and what each mutation changed."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd
from plotly.colors import sample_colorscale

from app.charts import palette
from app.charts.dot import beginning, label, wrapped
from app.charts.layout import rounded
from app.proxy_search.charts.components import (
    FEATURE_TITLES,
    ORDER,
    STAGE_TITLES,
    active,
    branch_text,
    component_title,
    value_text,
)
from eproxy_engine.proxy import Configuration
from eproxy_engine.search.proxy_search.found import best_first
from eproxy_engine.search.proxy_search.search import UNDEFINED, Trial

A_ROW = 4
"""Ancestors per row; a longer chain continues below."""
MOST_DRAWN = 12
"""Most ancestors drawn; of a longer chain, the first and the last eleven."""
FEWEST_STRETCHED = 3
"""Fewest ancestors whose drawing fills the page; stretched, one box would be a hundred times too large."""
_MOST_LINES = 8


class LineageStep(NamedTuple):
    """One ancestor, or the configuration itself."""

    place: int
    rho: float
    bounded: bool
    """Whether racing cut it short, so that ``rho`` is an upper bound."""
    changes: list[str]
    """Changes from its parent; for the random ancestor, its branches."""

    @property
    def rho_text(self) -> str:
        """ρ as ``ρ = 0.71``, ``ρ ≤ 0.40`` or ``ρ undefined``."""
        if self.rho == UNDEFINED:
            return "ρ undefined"
        return f"ρ {'≤' if self.bounded else '='} {rounded(self.rho)}"


class DpsLineageData(NamedTuple):
    """Data of the drawing, from the random ancestor to the configuration itself."""

    title: str
    steps: list[LineageStep]


def lineage_data(trials: list[Trial], place: int | None = None) -> DpsLineageData:
    """Trace the ancestors of the trial at ``place``, by default of the best; empty if there is no such trial."""
    if place is None:
        place = next(iter(best_first(trials)), None)
    chain: list[int] = []
    while place is not None and 0 <= place < (chain[-1] if chain else len(trials)):
        chain.append(place)
        place = trials[place].parent
    chain.reverse()
    steps = [_step(trials, before, now) for before, now in zip([None, *chain], chain, strict=False)]
    return DpsLineageData(_title(steps), steps)


def lineage_table(data: DpsLineageData) -> pd.DataFrame:
    """Return one row per step: trial (from 1), ρ (nan if undefined, a bound if cut short), cut short, changes."""
    return pd.DataFrame(
        {
            "trial": [step.place + 1 for step in data.steps],
            "ρ": [float("nan") if step.rho == UNDEFINED else step.rho for step in data.steps],
            "cut short": [step.bounded for step in data.steps],
            "changes": ["; ".join(step.changes) for step in data.steps],
        }
    )


def lineage_dot(data: DpsLineageData, dark: bool) -> str:
    """Return the Graphviz source, left to right and row by row; boxes are coloured by ρ.

    Only the beginning and the end of a long line are drawn; the table has all of it.
    """
    drawn = data.steps
    if len(drawn) > MOST_DRAWN:
        drawn = [drawn[0], *drawn[1 - MOST_DRAWN :]]
    lines = [_box(i, step, last=i == len(drawn) - 1) for i, step in enumerate(drawn)]
    for i in range(1, len(drawn)):
        # The first box of a row goes below the first of all, not to the right of its parent.
        style = ["constraint=false"] if i % A_ROW == 0 else []
        if i == 1 and len(drawn) < len(data.steps):
            style += ["style=dashed", f"label={label(f'{len(data.steps) - len(drawn)} more')}"]
        lines.append(f"n{i - 1} -> n{i} [{', '.join(style)}];")
    starts = [f"n{i}" for i in range(0, len(drawn), A_ROW)]
    if len(starts) > 1:
        lines.append(f"{{rank=same; {' -> '.join(starts)} [style=invis];}}")
    return beginning("lineage", dark) + "\n".join(lines) + "\n}\n"


def _box(i: int, step: LineageStep, last: bool) -> str:
    changes = [line for change in step.changes for line in wrapped(change, indent="   ")]
    if len(changes) > _MOST_LINES:
        changes = [*changes[: _MOST_LINES - 1], "…"]
    text = label(f"trial {step.place + 1}{' (random)' if i == 0 else ''}", step.rho_text, *changes, left=True)
    fill = _colour(step.rho)
    border = ", peripheries=2" if last else ""
    return f'n{i} [label={text}, fillcolor="{fill}", fontcolor="{palette.text_on(fill)}", color="{fill}"{border}];'


def _step(trials: list[Trial], parent: int | None, place: int) -> LineageStep:
    trial = trials[place]
    configuration = trial.configuration.canonical()
    if parent is None:
        changes = [branch_text(branch, configuration.barrier) for branch in configuration.branches]
    else:
        changes = configuration_changes(trials[parent].configuration, configuration)
    return LineageStep(place, trial.rho, not trial.scores, changes)


def configuration_changes(old: Configuration, new: Configuration) -> list[str]:
    """Describe each change in a line such as ``learning rate 1 → 0.5``; a new or removed branch is one line."""
    before, now = active(old), active(new)
    there = {branch.stage: branch for branch in new.canonical().branches}
    changes = []
    for stage, title in STAGE_TITLES.items():
        if stage in there and stage not in before["branches"]:
            changes.append(f"new branch {branch_text(there[stage], new.barrier)}")
        if stage not in there and stage in before["branches"]:
            changes.append(f"branch {title} removed")
    told = [f"{stage}." for stage in STAGE_TITLES if (stage in before["branches"]) != (stage in now["branches"])]
    others = [name for name in ORDER if name in now and name != "branches" and not name.startswith(tuple(told))]
    # A new barrier lists its parts; a removed one does not.
    return changes + [_change(name, before.get(name), now[name]) for name in others if before.get(name) != now[name]]


def _change(name: str, old: Any, new: Any) -> str:
    """Describe one change: added and removed features for a set of features, otherwise both values."""
    if name.endswith(".features"):
        gone = [f"−{FEATURE_TITLES[feature]}" for feature in old if feature not in new]
        come = [f"+{FEATURE_TITLES[feature]}" for feature in new if feature not in old]
        return f"{component_title(name)} {' '.join(gone + come)}"
    return f"{component_title(name)} {value_text(old)} → {value_text(new)}"


def _colour(rho: float) -> str:
    """Return the colour on a fixed scale from ρ = 0 to 1, so that a small gain looks small."""
    (sampled,) = sample_colorscale(palette.SCALE, [min(max(rho, 0.0), 1.0)])
    return "#" + "".join(f"{int(channel):02X}" for channel in sampled.strip("rgb()").split(","))


def _title(steps: list[LineageStep]) -> str:
    if not steps:
        return "No trial evaluated in full yet"
    first, last = steps[0], steps[-1]
    if len(steps) == 1:
        return f"Trial {last.place + 1} is one of the random ones, {last.rho_text}"
    mutations = f"{len(steps) - 1} mutation{'s' if len(steps) > 2 else ''}"
    return f"{mutations} from {first.rho_text} (trial {first.place + 1}) to {last.rho_text} (trial {last.place + 1})"
