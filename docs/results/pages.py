"""The pages in Markdown: ``docs/RESULTS.md`` with the headline figures, and one a section in ``docs/results``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from docs.results import board
from docs.results.cells import text
from docs.results.stored import rows
from docs.results.studies import ROOT, Study, pages, studies
from eproxy_engine.errors import UserError

FOLDER = ROOT / "docs" / "results"
INDEX = ROOT / "docs" / "RESULTS.md"
HASH = re.compile(r"[0-9a-f]{7}")
NOTICE = "<!-- Written by `python -m docs.results` from docs/results/data: change the data, not this page. -->\n"
INTRODUCTION = """# Results

What this project measured, with the commands that measure it again. ρ is Spearman's with the accuracy; brackets are 95%
bootstrap intervals over architectures. Every study says by which command, at which commit, on which machine, when, on
how many architectures and with which seeds it was measured, or that this was not recorded; the images are `bundled`
unless it says otherwise. What falls short of a goal is told with the study.

The numbers come from `python -m eproxy_engine …`, where no other command stands beside them; the dashboard shows the
same ones (a browser test compares them). These pages are written by `python -m docs.results` from `docs/results/data`,
a file a study.
"""


def written() -> dict[Path, str]:
    """Return all pages, and the results that ship for the scoreboard, by the file that they belong in."""
    parts = [(each, studies(each)) for each in pages()]
    texts = {FOLDER / f"{page['name']}.md": _page(page, found) for page, found in parts}
    return {INDEX: _index(parts), **texts, **board.written()}


def _index(parts: list[tuple[dict[str, Any], list[Study]]]) -> str:
    """The headline figures, and where the others are."""
    headlines, contents = ["| | | n | seeds | where |", "|---|---|---|---|---|"], []
    for page, found in parts:
        link = f"[{page['title'].replace('`', '')}](results/{page['name']}.md)"
        contents.append(f"- {link}")
        headlines += [_headline(study, each, link) for study in found for each in study.headlines]
    return "\n".join([NOTICE, INTRODUCTION, *headlines, "", "## All results", "", *contents, ""])


def _headline(study: Study, headline: Mapping[str, Any], link: str) -> str:
    """The row of a headline: the cell of a table that it names, with the n of that row, if it has its own."""
    table = study.tables[0]
    units = {each["name"]: each.get("unit", "") for each in table["columns"]}
    for row in rows(table):
        if str(row[0]) == headline["row"] and headline["column"] in units:
            cells = dict(zip(units, row, strict=True))
            shown = text(cells[headline["column"]], units[headline["column"]])
            return _line([headline["text"], shown, text(cells.get("n") or study.n), text(study.seeds), link])
    raise UserError(f"{study.title}: no cell in row {headline['row']!r} and column {headline['column']!r}")


def _page(page: Mapping[str, Any], found: list[Study]) -> str:
    parts = [NOTICE, f"# {page['title']}\n"]
    if "about" in page:
        parts.append(page["about"].strip() + "\n")
    parts += [each for study in found for each in _study(study)]
    if "remarks" in page:
        parts.append(f"## What it says\n\n{page['remarks'].strip()}\n")
    parts.append("[All results](../RESULTS.md)\n")
    return "\n".join(parts)


def _study(study: Study) -> Iterator[str]:
    """A study: how it was measured, what was done, its tables, and what they say."""
    yield f"## {study.title}\n"
    yield f"{_recorded(study)}\n"
    if study.about:
        yield study.about.strip() + "\n"
    for table in study.tables:
        yield _table(table) + "\n"
    if study.remarks:
        yield study.remarks.strip() + "\n"


def _recorded(study: Study) -> str:
    commands = "; ".join(f"`{line}`" if _is_command(line) else line for line in study.command.strip().splitlines())
    commit = f"`{study.commit}`" if HASH.fullmatch(str(study.commit)) else study.commit
    return (
        f"*Measured by* {commands} · *commit* {commit} · *machine* {study.machine} · *date* {study.date} · "
        f"*n* {text(study.n)} · *seeds* {text(study.seeds)}"
    )


def _is_command(line: str) -> bool:
    return line.startswith(("python ", "EPROXY_", "PYTHONPATH="))


def _table(table: Mapping[str, Any]) -> str:
    units = [each.get("unit", "") for each in table["columns"]]
    lines = [_line(each["name"] for each in table["columns"]), "|" + "---|" * len(units)]
    lines += [_line(text(cell, unit) for cell, unit in zip(row, units, strict=True)) for row in rows(table)]
    return "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
