"""Runs side by side: results, and the settings in which they differ."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from app.runs.facts import computed_by, took
from app.runs.paired import cells, paired, sentences
from app.shell.kinds import KINDS
from app.shell.wording import estimate
from eproxy_engine.runs import Run, Store
from eproxy_engine.runs.headline import headline

STATISTICS = {"rho": "Spearman ρ", "tau": "Kendall τ", "top10": "top-10% retrieval"}
LONGEST = 60
ABSENT = "–"
SPELLED = {"task": "task", "space": "search space", "seed": "seed", "sample.seed": "sample seed"}
"""Names of settings that would not be understood by themselves."""
PREFIXES = ("configuration.", "settings.", "proxy.")


class Differences(NamedTuple):
    """Tables with one column per run; both have their names of rows in the first column."""

    results: pd.DataFrame
    settings: pd.DataFrame
    """Only those that differ."""
    equal: int
    """Number of settings that do not differ."""
    paired: list[str]
    """Sentences about evaluations of the same architectures; empty if there are none."""


def differences(store: Store, runs: Sequence[Run]) -> Differences:
    """Compare runs of any kinds."""
    names = column_names(runs)
    pairs = paired(store, runs)
    gaps = cells(pairs, len(runs)) if pairs else [""] * len(runs)
    results = [_results(run, gap) for run, gap in zip(runs, gaps, strict=True)]
    settings = [dict(_flat({"kind of run": KINDS[run.kind].run_title, **run.specification.as_dict()})) for run in runs]
    keys = list(dict.fromkeys(key for values in settings for key in values))
    differ = [key for key in keys if len({_compared(values.get(key, ABSENT)) for values in settings}) > 1]
    rows = [[_title(key), *(_text(values.get(key, ABSENT)) for values in settings)] for key in differ]
    found = [name for name in results[0] if any(values[name] for values in results)]
    return Differences(
        pd.DataFrame([[name, *(values[name] or ABSENT for values in results)] for name in found], columns=["", *names]),
        pd.DataFrame(rows, columns=["", *names]),
        len(keys) - len(differ),
        sentences(pairs, names) if pairs else [],
    )


def settings_of(run: Run) -> pd.DataFrame:
    """Return all settings of a run, one a row."""
    rows = [[_title(key), _text(value)] for key, value in _flat(run.specification.as_dict())]
    return pd.DataFrame(rows, columns=["setting", "value"])


def column_names(runs: Sequence[Run]) -> list[str]:
    """Return the names of runs, with the ID where several have the same."""
    several = Counter(run.name for run in runs)
    return [run.name if several[run.name] == 1 else f"{run.name} · {run.id}" for run in runs]


def _results(run: Run, gap: str) -> dict[str, str]:
    result = run.result or {}
    values = {"result": headline(run)}
    for name, title in STATISTICS.items():
        value, interval = estimate(result, name, percent=name == "top10") if name in result else ("", "")
        values[title] = f"{value} ({interval})" if value else ""
        if name == "rho":
            values["paired difference of ρ"] = gap
    count, diverged = result.get("n"), result.get("diverged")
    return {
        **values,
        "architectures judged": "" if count is None else f"{count:,}",
        "diverged": f"{diverged:,}" if isinstance(diverged, int) else "",
        "status": run.status,
        "took": took(run),
        "computed by": computed_by(run),
        "tags": ", ".join(run.labels.tags),
        "note": run.labels.note,
    }


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield all settings by the path that leads to them; long lists of architectures stay one value."""
    for name, value in values.items():
        path = f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}.")
        elif isinstance(value, list | tuple) and value and all(isinstance(each, Mapping) for each in value):
            yield from _flat({str(place): each for place, each in enumerate(value, 1)}, f"{path}.")
        else:
            yield path, value


def _compared(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _title(path: str) -> str:
    for prefix in PREFIXES:
        path = path.removeprefix(prefix)
    return SPELLED.get(path, path.replace(".", " · ").replace("_", " "))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if value is None or value in ("", [], ()):
        return ABSENT
    if not isinstance(value, list | tuple):
        return str(value)
    text = ", ".join(map(_text, value))
    return text if len(text) <= LONGEST else f"{len(value)}: {_text(value[0])[:LONGEST]}, …"
