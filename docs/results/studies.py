"""Stored results: one file a study in ``data/PAGE/STUDY.yaml``, in the order of ``data/pages.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from eproxy_engine.errors import UserError

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).with_name("data")
MISSING = "not recorded"
"""What a study says where nobody wrote down how a figure was measured."""
RECORDED = ("command", "commit", "machine", "date", "n", "seeds")
KNOWN = {
    "table": {"columns", "rows", "stored"},
    "column": {"name", "unit", "field", "digits", "best", "alone"},
}
"""Keys of a table and of its columns: ``field`` is where a result has the value, which is shown with ``digits`` behind
the point, ``alone`` (without interval or deviation) or as the ``best`` (bold)."""


@dataclass(frozen=True)
class Study:
    """Figures that were measured together, and how."""

    title: str
    command: str
    """Commands, one a line."""
    commit: str
    machine: str
    date: str
    n: int | str
    seeds: int | str
    headlines: list[dict[str, Any]] = field(default_factory=list)
    """Figures for the first page: ``text``, and ``row`` and ``column`` of the first table."""
    about: str = ""
    """What was done, in Markdown."""
    tables: list[dict[str, Any]] = field(default_factory=list)
    """``columns``, and ``rows`` of cells (:func:`docs.results.cells.text`), or where they are ``stored``."""
    remarks: str = ""
    """What the figures say, in Markdown."""


class _Loader(yaml.CSafeLoader):
    """Reads numbers with the digits that they have in the file: 0.60 is not 0.6."""


class _Dumper(yaml.SafeDumper):
    """Writes a row of a table in one line, and paragraphs as they are."""


_Loader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: Decimal(node.value))
_Dumper.add_representer(Decimal, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:float", str(value)))
_Dumper.add_representer(
    list,
    lambda dumper, row: dumper.represent_sequence(
        "tag:yaml.org,2002:seq", row, not any(isinstance(each, dict | list) for each in row[:1])
    ),
)
_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None),
)


def load(path: Path) -> Any:
    """Return what a YAML file holds, with numbers as decimals."""
    return yaml.load(path.read_text("utf-8"), _Loader)


def read(path: Path) -> Study:
    """Return a study. Raises UserError if it does not say how its figures were measured, or has unknown parts."""
    plain, name = load(path), f"{path.parent.name}/{path.name}"
    for key in ("title", *RECORDED):
        if plain.get(key) in (None, ""):
            raise UserError(f"{name}: {key} is missing; write what is known, or {MISSING!r}")
    _check_keys(name, plain, set(Study.__dataclass_fields__))
    for table in plain.get("tables", []):
        _check_keys(name, table, KNOWN["table"])
        for column in table["columns"]:
            _check_keys(name, column, KNOWN["column"])
        for row in table.get("rows", []):
            if len(row) != len(table["columns"]):
                raise UserError(f"{name}: row {row[0]!r} has {len(row)} cells; {len(table['columns'])} are accepted")
    return Study(**plain)


def _check_keys(name: str, part: Mapping[str, Any], accepted: set[str]) -> None:
    for key in part:
        if key not in accepted:
            raise UserError(f"{name}: unknown key {key!r}; accepted: {', '.join(sorted(accepted))}")


def write(path: Path, study: Study) -> None:
    """Write a study as :func:`read` reads it."""
    plain = {key: value for key, value in vars(study).items() if value not in ("", [])}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.dump(plain, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100_000), "utf-8")


def pages() -> list[dict[str, Any]]:
    """List the pages in their order: ``name``, ``title``, ``studies`` and some ``about`` and ``remarks`` on all."""
    listed: list[dict[str, Any]] = load(DATA / "pages.yaml")
    return listed


def studies(page: Mapping[str, Any]) -> list[Study]:
    """Return the studies of a page in their order."""
    return [read(DATA / page["name"] / f"{name}.yaml") for name in page["studies"]]
