"""Rows from what a command printed with ``--json``, or from results that ship with the product."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fnmatch import fnmatch
from functools import lru_cache
from statistics import fmean
from typing import Any

from docs.results.studies import ROOT
from eproxy_engine.errors import UserError


def rows(table: Mapping[str, Any]) -> list[list[Any]]:
    """Return the rows of a table.

    If they are ``stored``, that names the ``file`` of results, the path ``within`` it, and either a ``label`` that each
    result fills in, or ``rows``: lists as they stand, and mappings of ``label``, ``where`` (patterns of the results
    that a row is the mean of), ``cells`` that stand in no result, and a ``file`` and ``within`` of their own.
    """
    if "stored" not in table:
        given: list[list[Any]] = table["rows"]
        return given
    stored, columns = table["stored"], table["columns"]
    first = columns[0]["name"]
    if "label" in stored:
        return [row(columns, [each], {first: stored["label"].format(**each)}) for each in _results(stored)]
    return [
        each
        if isinstance(each, list)
        else row(columns, _results(stored | each), {first: each["label"]} | each.get("cells", {}))
        for each in stored["rows"]
    ]


def _results(stored: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = inside(_content(stored["file"]), stored.get("within", ""))
    where = stored.get("where", {})
    results = found if isinstance(found, list) else [found]
    return [each for each in results if all(fnmatch(each[key], pattern) for key, pattern in where.items())]


@lru_cache(maxsize=16)
def _content(file: str) -> Any:
    """A JSON file, or the result of a run's file, worked out from its evaluations if it is not in there."""
    content = (ROOT / file).read_bytes()
    if not file.endswith(".gz"):
        return json.loads(content)
    result = json.loads(gzip.decompress(content)).get("result")
    if result is None:
        from eproxy_engine.runs import archive

        packed = archive.read(content)
        result = packed.plan.result(packed.replay.outcomes)
    return result


def inside(values: Any, path: str) -> Any:
    """Return what lies at a path such as ``proxies/0/rho``. Raises UserError if there is nothing."""
    for part in filter(None, path.split("/")):
        try:
            values = values[int(part)] if isinstance(values, list) else values[part]
        except (LookupError, TypeError, ValueError):
            there = ", ".join(values) if isinstance(values, Mapping) else f"{type(values).__name__}"
            raise UserError(f"the result has no {path!r}: {part!r} is not among {there}") from None
    return values


def row(
    columns: Sequence[Mapping[str, Any]], results: Sequence[Mapping[str, Any]], cells: Mapping[str, Any]
) -> list[Any]:
    """Return the row of a result, or of the mean of several: ``cells`` by column, and what lies at a column's field."""
    if not results:
        raise UserError(f"no stored result belongs to the row {next(iter(cells.values()))!r}")
    return [
        cells.get(each["name"])
        if "field" not in each or each["name"] in cells
        else _cell(each, [_value(each["field"], result) for result in results])
        for each in columns
    ]


def _value(path: str, result: Mapping[str, Any]) -> dict[str, Any]:
    """A value with its spread or interval, by the names that the commands give them."""
    value = inside(result, path)
    if isinstance(value, Mapping):
        return {"value": value["mean"], "sd": value["sd"]}
    folder, _, name = path.rpartition("/")
    beside = inside(result, folder)
    bounds = {bound: f"{name}_{bound}" for bound in ("low", "high")}
    if not isinstance(beside, Mapping) or any(beside.get(each) is None for each in bounds.values()):
        return {"value": value}
    return {"value": value} | {bound: beside[each] for bound, each in bounds.items()}


def _cell(column: Mapping[str, Any], values: Sequence[Mapping[str, Any]]) -> Any:
    """One value as it is; of several, the mean, or of counts the range."""
    plain = [each["value"] for each in values]
    if plain[0] is None or isinstance(plain[0], str):
        return plain[0]
    if isinstance(plain[0], int) and column.get("unit") != "%":
        return min(plain) if min(plain) == max(plain) else {"value": min(plain), "to": max(plain)}
    parts = {part: _rounded(column, fmean(each[part] for each in values)) for part in values[0]}
    if column.get("alone"):
        parts = {"value": parts["value"]}
    return parts | {"best": True} if column.get("best") else parts["value"] if set(parts) == {"value"} else parts


def _rounded(column: Mapping[str, Any], value: float) -> Decimal | int:
    """A number as its column shows it: where the unit is %, a share as a percentage."""
    scaled = value * 100 if column.get("unit") == "%" else value
    digits = column.get("digits", 0 if column.get("unit") == "%" else 2)
    return Decimal(f"{scaled:.{digits}f}") if digits else round(scaled)
