"""Settings and results of several searches side by side, and which of them differ."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from app.charts.layout import rounded
from app.proxy_search.charts.components import ORDER, active, component_title, value_text
from eproxy_engine.proxy import Configuration

FOUND = "proxy found"
GROUPS = ("setting", "result", FOUND)
RESULTS = {
    "rho": "held-out ρ",
    "tau": "held-out τ",
    "top10": "held-out top-10%",
    "n": "held-out architectures judged",
    "sample_rho": "ρ on the sample, optimistic",
    "best_rho": "best configuration's ρ on the sample, optimistic",
    "trials": "trials",
    "reused_trials": "trials without training",
    "cut_short": "trials cut short",
    "diverged_evaluations": "evaluations diverged in the search",
    "seconds_of_training": "training (s)",
}
_LONGEST = 40


def run_differences(runs: Sequence[tuple[str, Mapping[str, Any], Mapping[str, Any] | None]]) -> pd.DataFrame:
    """Return one row per setting, result or component of the proxy found; settings come first.

    ``runs``: id, ``ProxySearchSpecification.as_dict()`` (nested or flattened) and result (None before there is one).

    Columns: ``group`` (one of :data:`GROUPS`), ``name``, ``differs`` (whether the runs differ in it), and one per run,
    named by its id: texts, empty where a run has no value.
    """
    described = {run_id: dict(_described(specification, result)) for run_id, specification, result in runs}
    keys = list(dict.fromkeys(key for values in described.values() for key in values))
    keys.sort(
        key=lambda key: (GROUPS.index(key[0]), ORDER.index(key[1]) if key[0] == FOUND and key[1] in ORDER else -1)
    )
    rows = []
    for group, name in keys:
        values = [values.get((group, name)) for values in described.values()]
        differs = len({json.dumps(value, sort_keys=True, default=str) for value in values}) > 1
        texts = [_text(group, name, value) for value in values]
        rows.append([group, _title(group, name), differs, *texts])
    return pd.DataFrame(rows, columns=["group", "name", "differs", *described])


def _described(specification: Mapping[str, Any], result: Mapping[str, Any] | None) -> Iterator[tuple[Any, Any]]:
    """Yield ((group, name), value) of everything shown about a run."""
    for name, value in _flat(specification):
        yield ("setting", name), value
    if result is None:
        return
    for name in RESULTS:
        if result.get(name) is not None:
            bounds = [result[f"{name}_{end}"] for end in ("low", "high") if result.get(f"{name}_{end}") is not None]
            yield ("result", name), (result[name], *bounds)
    proxy = result.get("proxy")
    if not proxy:
        return
    ensemble = proxy.get("ensemble") or {}
    yield (FOUND, "members"), 1 + len(ensemble.get("others", []))
    yield (FOUND, "flops_share"), ensemble.get("flops_share", 0.0)
    found = active(Configuration.from_dict(proxy["configuration"]))
    for name in ORDER:
        if name in found:
            yield (FOUND, name), found[name]


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", list(value) if isinstance(value, tuple) else value


def _title(group: str, name: str) -> str:
    if group == "result":
        return RESULTS[name]
    if group == FOUND:
        return {"members": "configurations in it", "flops_share": "weight of the FLOPs' rank"}.get(
            name
        ) or component_title(name)
    return name.removeprefix("settings.").replace(".", ": ").replace("_", " ")


def _text(group: str, name: str, value: Any) -> str:
    if value is None:
        return ""
    if group == "result":
        number, *bounds = value
        if isinstance(number, int):
            return f"{number:,}"
        digits = 0 if name == "seconds_of_training" else 2
        interval = f" [{', '.join(rounded(bound) for bound in bounds)}]" if bounds else ""
        return f"{number:,.0f}" if digits == 0 else f"{rounded(number)}{interval}"
    if isinstance(value, list):
        return _listed(value)
    return value_text(value)


def _listed(values: list[Any]) -> str:
    """List all values, or their number and the first one."""
    text = ", ".join(map(value_text, values))
    return text if len(text) <= _LONGEST else f"{len(values)}: {value_text(values[0])[:_LONGEST]}, …"
