"""Cells from what a command printed with ``--json`` or a file of the product holds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fnmatch import fnmatch
from statistics import fmean
from typing import Any

from docs.results.studies import ROOT
from eproxy_engine.errors import UserError


def rows(table: Mapping[str, Any]) -> list[list[Any]]:
    """Return the rows of a table, read from a file of the product if it says which.

    ``stored`` names the ``file``, a list of results, and either ``label``, which results fill in for a row each, or
    ``rows``: ``label``, ``where`` (patterns of the results that it is the mean of) and ``cells`` that stand in no
    result, or a row as it stands.
    """
    if "stored" not in table:
        given: list[list[Any]] = table["rows"]
        return given
    stored = table["stored"]
    results = json.loads((ROOT / stored["file"]).read_text("utf-8"))
    if "label" in stored:
        return [row(table["columns"], [each], stored["label"].format(**each)) for each in results]
    return [
        each
        if isinstance(each, list)
        else row(table["columns"], _matching(results, each["where"]), each["label"], each.get("cells", {}))
        for each in stored["rows"]
    ]


def row(
    columns: Iterable[Mapping[str, Any]],
    results: Sequence[Mapping[str, Any]],
    label: Any,
    cells: Mapping[str, Any] | None = None,
) -> list[Any]:
    """Return the row of a result, or of the mean of several.

    A column with a ``field`` shows what lies there, with ``digits`` behind the point. The first column without one
    shows the label, every other one what ``cells`` has under its name.
    """
    written = iter([label])
    given = cells or {}
    return [
        _merged(column, [_value(column, each) for each in results])
        if "field" in column
        else given[column["name"]]
        if column["name"] in given
        else next(written, None)
        for column in columns
    ]


def _matching(results: Sequence[Mapping[str, Any]], where: Mapping[str, str]) -> list[Mapping[str, Any]]:
    found = [each for each in results if all(fnmatch(each[key], pattern) for key, pattern in where.items())]
    if not found:
        raise UserError(f"no stored result has {dict(where)}")
    return found


def _value(column: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
    """A value with its spread or interval, by the names that the commands give them."""
    inside: Any = result
    *folders, name = column["field"].split("/")
    for folder in folders:
        inside = inside[int(folder)] if isinstance(inside, list) else inside.get(folder, {})
    if name not in inside:
        raise UserError(f"the result has no {column['field']!r}; there are: {', '.join(sorted(inside))}")
    value = inside[name]
    if isinstance(value, Mapping):
        return {"value": value["mean"], "sd": value["sd"]}
    bounds = {bound: inside[f"{name}_{bound}"] for bound in ("low", "high") if f"{name}_{bound}" in inside}
    return {"value": value} | bounds


def _merged(column: Mapping[str, Any], values: Sequence[Mapping[str, Any]]) -> Any:
    """One value as it is; of several, the mean, or of counts the range."""
    first = values[0]["value"]
    if first is None or isinstance(first, str):
        return first
    if isinstance(first, int) and "digits" not in column:
        counts = sorted(each["value"] for each in values)
        return counts[0] if counts[0] == counts[-1] else {"value": counts[0], "to": counts[-1]}
    parts = {part: _rounded(column, fmean(each[part] for each in values)) for part in values[0]}
    if column.get("best"):
        parts["best"] = True
    return parts["value"] if set(parts) == {"value"} else parts


def _rounded(column: Mapping[str, Any], value: float) -> Decimal | int:
    """A number as its column shows it: a share as a percentage where % is the unit."""
    scaled = value * 100 if column.get("unit") == "%" else value
    digits = column.get("digits", 0 if column.get("unit") == "%" else 2)
    return Decimal(f"{scaled:.{digits}f}") if digits else round(scaled)
