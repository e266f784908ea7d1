"""Writes the pages, and the results that ship for the scoreboard: ``python -m docs.results``.

``… add FILE.json STUDY`` adds what a command printed before.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from docs.results.pages import written
from docs.results.stored import inside, row
from docs.results.studies import DATA, read, write
from eproxy_engine.errors import UserError


def add(file: Path, name: str, commit: str, label: str, within: str, table: int) -> None:
    """Append rows to a table: what a command printed, or each entry of its list ``within``, which names itself.

    Raises UserError unless the study is of the same commit, as it says one for all its rows.
    """
    path = DATA / f"{name}.yaml"
    if not path.is_file():
        known = sorted(f"{each.parent.name}/{each.stem}" for each in DATA.glob("*/*.yaml"))
        raise UserError(f"there is no study {name!r}; accepted: {', '.join(known)}")
    study = read(path)
    if not commit or commit not in study.commit:
        raise UserError(f"commit {commit!r} needs a study of its own; {name} accepts: {study.commit}")
    open_tables = [
        k for k, each in enumerate(study.tables) if "rows" in each and any("field" in c for c in each["columns"])
    ]
    if table not in open_tables:
        raise UserError(
            f"table {table} of {name} takes no results, as no column has a `field`; accepted: {open_tables}"
        )
    first = int(label) if label.isdigit() else label
    columns, found = study.tables[table]["columns"], inside(json.loads(file.read_text("utf-8")), within)
    for each in found if isinstance(found, list) else [found]:
        study.tables[table]["rows"].append(
            row(columns, [each], {columns[0]["name"]: first if label else each.get("name", "")})
        )
    write(path, study)


def main() -> None:
    """Carry out what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m docs.results", description="Writes the pages of the results.")
    adding = parser.add_subparsers(dest="action").add_parser("add", help="add what a command printed, before")
    adding.add_argument("file", type=Path, help="what the command printed with --json")
    adding.add_argument("study", help="such as default-proxy/nasbench101")
    adding.add_argument("--commit", required=True, help="what the command was run at, as the study writes it")
    adding.add_argument("--label", default="", help="what the first column says; by default, the result's name")
    adding.add_argument("--within", default="", help="where the results lie in the file, such as proxies")
    adding.add_argument("--table", type=int, default=0, help="which table of the study, counted from 0")
    given = parser.parse_args()
    try:
        if given.action == "add":
            add(given.file, given.study, given.commit, given.label, given.within, given.table)
        for path, text in written().items():
            path.write_text(text, "utf-8")
    except (UserError, OSError, ValueError) as error:
        sys.exit(f"Error: {error}")


if __name__ == "__main__":
    main()
