"""Writes the pages, or adds what a command printed: ``python -m docs.results``, ``… add FILE.json STUDY --label LABEL``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from docs.results.pages import FOLDER, written
from docs.results.stored import row
from docs.results.studies import DATA, read, write
from eproxy_engine.errors import UserError


def renew() -> None:
    """Write all pages."""
    for path, text in written().items():
        path.write_text(text, "utf-8")


def add(file: Path, name: str, table: int, label: str, within: str) -> None:
    """Append rows to a table of a study: one of what a command printed, or one of each entry of its list ``within``."""
    path = DATA / f"{name}.yaml"
    if not path.is_file():
        raise UserError(f"there is no study {name!r}; accepted: {', '.join(_names())}")
    study = read(path)
    if not 0 <= table < len(study.tables) or "rows" not in study.tables[table]:
        raise UserError(f"{name} has no table {table} that rows can be added to; it has {len(study.tables)}")
    columns = study.tables[table]["columns"]
    if not any("field" in each for each in columns):
        raise UserError(f"no column of {name} says which field of a result it shows, as `field: rho` does")
    result = json.loads(file.read_text("utf-8"))
    if within and not isinstance(result.get(within), list):
        raise UserError(f"{file} has no list {within!r}; there are: {', '.join(sorted(result))}")
    entries = result[within] if within else [result]
    study.tables[table]["rows"] += [row(columns, [each], each.get("name", label)) for each in entries]
    write(path, study)


def _names() -> list[str]:
    return sorted(f"{each.parent.name}/{each.stem}" for each in DATA.glob("*/*.yaml"))


def main() -> None:
    """Carry out what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m docs.results", description=f"Writes {FOLDER.name}/*.md.")
    adding = parser.add_subparsers(dest="action").add_parser("add", help="append what a command printed to a study")
    adding.add_argument("file", type=Path, help="what the command printed with --json")
    adding.add_argument("study", help="such as default-proxy/nasbench101")
    adding.add_argument("--table", type=int, default=0, help="which table of the study, counted from 0")
    adding.add_argument("--label", default="", help="what the first column says")
    adding.add_argument("--within", default="", help="name of the list whose entries become a row each")
    given = parser.parse_args()
    try:
        if given.action == "add":
            add(given.file, given.study, given.table, given.label, given.within)
        renew()
    except (UserError, OSError, ValueError) as error:
        sys.exit(f"Error: {error}")


if __name__ == "__main__":
    main()
