"""The measured results that fill cells of the scoreboard, from the studies: ``eproxy_engine/scoreboard/shipped.json``.

Table 1 is looked for in all studies of its pages: a row or column that says ``with barrier`` or ``without``, with
learning rate, iterations and width in its name, else in the command, else in what is told of the study.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from docs.results.stored import rows
from docs.results.studies import DATA, ROOT, Study, pages, read
from eproxy_engine import spaces
from eproxy_engine.proxy.presets import DEFAULT, preset
from eproxy_engine.scoreboard.published import AVERAGE, Cell, tables
from eproxy_engine.scoreboard.recipes import PROXIES, SEARCH, place, recipe, search
from eproxy_engine.scoring import first_of
from eproxy_engine.scoring.named import named

SHIPPED = ROOT / "eproxy_engine" / "scoreboard" / "shipped.json"
PAGES_OF_TABLE_1 = ("table-1", "table-1-iterations")
COMPARED = {
    2: ("comparison/nasbench101",),
    3: ("search-spaces/nds", "comparison/nds"),
    4: ("search-spaces/transnas-micro", "comparison/transnas-micro"),
    5: ("search-spaces/nasbench-mr", "comparison/nasbench-mr"),
}
"""Studies of the proxies by table; of a cell that stands in several, the first."""
SEARCHED = {
    2: "proxy-search/nasbench101",
    3: "proxy-search/nds",
    4: "proxy-search/transnas-micro",
    5: "proxy-search/nasbench-mr",
}
MORE_ITERATIONS = "table-1-iterations/iterations"
"""The study that tells why there are not more iterations of Table 1."""
WHERE = ("table", "part", "row", "column")
TOP10 = "top-10%"
FOUND = "proxy found"
HOME = "nds-imagenet-darts"
"""Where the proxy was found that is transferred to the other spaces of NDS."""
LOSSES = preset("paper")
"""The configuration of Table 1, whose learning rate and iterations hold where nothing else is said."""

Row = dict[str, Any]


@dataclass(frozen=True)
class _Source:
    """A study with the rows of its first table."""

    name: str
    study: Study = field(repr=False)

    @cached_property
    def columns(self) -> list[str]:
        return [column["name"] for column in self.study.tables[0]["columns"]]

    @cached_property
    def lines(self) -> list[list[Any]]:
        return rows(self.study.tables[0])


def written() -> dict[Path, str]:
    """Return the file that ships, by its path."""
    names = [f"{page['name']}/{name}" for page in pages() for name in page["studies"]]
    sources = {name: _Source(name, read(DATA / f"{name}.yaml")) for name in names}
    found = [*_table_1(sources), *(row for cell in _cells() if (row := _row(cell, sources)))]
    used = {name: _told(sources[name].study) for name in sorted({row["study"] for row in found})}
    given = {"studies": used, "figures": found, "left_out": _left_out(found, sources)}
    return {SHIPPED: json.dumps(given, indent=1, ensure_ascii=False, default=_number) + "\n"}


def _left_out(found: list[Row], sources: Mapping[str, _Source]) -> list[Row]:
    """Say of the cells that could be measured and are not what the study tells that has their likes."""
    there = {tuple(row[key] for key in WHERE) for row in found}
    missing = [cell for cell in [*tables()[0].cells, *_cells()] if recipe(cell).specification is not None]
    return [
        _where(cell) | {"why": sources[_study_of_likes(cell)].study.about}
        for cell in missing
        if tuple(_where(cell).values()) not in there
    ]


def _study_of_likes(cell: Cell) -> str:
    if cell.table == 1:
        return MORE_ITERATIONS
    return SEARCHED[cell.table] if cell.row == SEARCH else COMPARED[cell.table][-1]


def _where(cell: Cell) -> Row:
    return {key: getattr(cell, key) for key in WHERE}


def _number(value: Decimal) -> float:
    return float(value)


def _told(study: Study) -> dict[str, str]:
    return {key: str(getattr(study, key)) for key in ("title", "commit", "machine", "date", "about")}


def _cells() -> list[Cell]:
    """List the cells of Tables 2 to 5 that a study may have."""
    own = [cell for each in tables()[1:] for cell in each.cells]
    return [cell for cell in own if cell.column != AVERAGE and cell.row in (*PROXIES, SEARCH)]


def _row(cell: Cell, sources: Mapping[str, _Source]) -> Row | None:
    """Return what the first study that has the cell says of it; None if there is none."""
    for name in [SEARCHED[cell.table]] if cell.row == SEARCH else COMPARED[cell.table]:
        source = sources[name]
        for line in source.lines:
            shown = dict(zip(source.columns, line, strict=True))
            if (values := _values(cell, str(line[0]).strip("`"), shown)) is not None:
                counted = values if "n" in values else values | {"n": _n(source.study, cell)}
                return _figure(cell, source, counted) | {"width": _width(cell)}
    return None


def _values(cell: Cell, label: str, shown: Mapping[str, Any]) -> Row | None:
    """Return the figures of a line that is the cell's, or that has its column; None if it is another's.

    A study has a line a proxy and a column a task, or a line a task (of a search, too) and columns of figures.
    """
    names, rho = _names(cell), shown.get("ρ", shown.get(FOUND))
    if cell.row != SEARCH and label == PROXIES[cell.row]:
        rho = next((shown[name] for name in names if name in shown), rho)
    elif not (label == FOUND if cell.table == 2 else label.split(" ")[0] in names and cell.row in ("Eproxy", SEARCH)):
        return None
    if rho in (None, ""):
        return None
    values = _estimate(rho)
    if isinstance(shown.get("n"), int):
        values["n"] = shown["n"]
    if shown.get(TOP10) not in (None, ""):
        share = _estimate(shown[TOP10])
        values |= {key.replace("rho", "top10"): value / 100 for key, value in share.items()}
    return values


def _names(cell: Cell) -> list[str]:
    """List what studies call the place of a cell."""
    space, task = place(cell)
    return [space, space.removeprefix("nds-imagenet-")] if cell.table == 3 else [task]


def _estimate(value: Any) -> Row:
    """A value with its interval, if it has one."""
    if not isinstance(value, Mapping):
        return {"rho": value}
    interval = {f"rho_{bound}": value[bound] for bound in ("low", "high") if bound in value}
    return {"rho": value["value"], **interval}


def _n(study: Study, cell: Cell) -> int:
    """Return the n of a study, or that of the cell's place in ``darts 121, enas 117``."""
    if isinstance(study.n, int):
        return study.n
    counts = dict(re.findall(r"(\S+) (\d+)", study.n))
    return int(next(counts[name] for name in _names(cell) if name in counts))


def _width(cell: Cell) -> int:
    """Return the stem's channels that the command of a study gave the networks."""
    space, task = place(cell)
    if cell.row == SEARCH:
        return spaces.get(space).stem_channels(search(space, task).settings.width)
    proxy = preset(DEFAULT) if cell.row == "Eproxy" else named(PROXIES[cell.row]).proxy
    return spaces.get(space).stem_channels(first_of(proxy).width)


def _figure(cell: Cell, source: _Source, values: Row) -> Row:
    space, _ = place(cell)
    transferred = {"found_on": spaces.get(HOME).title} if cell.transferred and space != HOME else {}
    command = _command(cell, source.study, values["n"])
    return {**_where(cell), **values, "command": command, **_seed(source.study), **transferred, "study": source.name}


def _seed(study: Study) -> Row:
    return {"seed": study.seeds} if isinstance(study.seeds, int) else {}


def _command(cell: Cell, study: Study, n: int) -> str:
    """Return the line of a study's command that measured the cell, with what it leaves open filled in."""
    space, task = place(cell)
    lines = study.command.strip().splitlines()
    line = lines[-1] if cell.transferred and space != HOME else lines[0]
    line = line.replace("nds-imagenet-SPACE", space).replace("SPACE", space).replace("TASK", task)
    return line.replace("--sample N ", f"--sample {n} ")


# Table 1 --------------------------------------------------------------------------------------------------------------


def _table_1(sources: Mapping[str, _Source]) -> list[Row]:
    """Return the figures of Table 1: of each cell and width that on most architectures; the widest first."""
    best: dict[tuple[str, str, int], Row] = {}
    for name, source in sources.items():
        if name.split("/")[0] in PAGES_OF_TABLE_1 and "--space nasbench101" in source.study.command:
            for row in _losses(source):
                key = row["row"], row["column"], row["width"]
                if key not in best or row["n"] > best[key]["n"]:
                    best[key] = row
    order = {(cell.row, cell.column): number for number, cell in enumerate(tables()[0].cells)}
    return sorted(best.values(), key=lambda row: (order[row["row"], row["column"]], -row["width"]))


def _losses(source: _Source) -> Iterator[Row]:
    """Yield the cells of Table 1 in a study's first table."""
    study = source.study
    for line in source.lines:
        for column, value in zip(source.columns[1:], line[1:], strict=True):
            label = f"{line[0]}, {column}"
            told = f"{label}\n{study.command}\n{study.about}"
            side = re.search(r"\b(with|without)\b", label)
            if not side or not _is_ours(str(line[0]), column, told) or not isinstance(value, Mapping | Decimal):
                continue
            barrier = side[1] == "with"
            rate = _said(label, r"\blr ([\d.]+)") or _said(study.command, r"learning_rate=([\d.]+)")
            iterations = _said(label, r"(\d+) iterations") or LOSSES.iterations
            cell = _cell_of_losses(barrier, float(rate or LOSSES.learning_rate), int(iterations))
            if cell is not None:
                row = _figure(cell, source, _estimate(value) | {"n": study.n})
                command = _losses_command(study, barrier, cell, label)
                yield row | {"width": _stem(told), "command": command}


def _is_ours(row: str, column: str, told: str) -> bool:
    """Return whether a figure is a ρ of the preset ``paper`` that was measured here."""
    published = row.startswith("paper") or column.startswith("paper")
    if published or not (column == "ρ" or "iterations" in column or "lr" in column):
        return False
    presets = re.findall(r"preset `?([a-z]+)", told)
    return bool(presets) and presets[0] == "paper"


def _said(text: str, pattern: str) -> str | None:
    found = re.search(pattern, text)
    return found[1] if found else None


def _stem(told: str) -> int:
    """Return the width that is said first: ``--width 64``, ``--width small``, ``width 16``."""
    given = _said(told, r"(?:width|stem) `?(\d+|small)")
    return spaces.get("nasbench101").stem_channels(int(given) if given and given.isdigit() else "small")


def _cell_of_losses(barrier: bool, rate: float, iterations: int) -> Cell | None:
    row, column = f"{iterations} iterations", f"{'barrier' if barrier else 'no barrier'}, lr {rate:g}"
    return next((cell for cell in tables()[0].cells if (cell.row, cell.column) == (row, column)), None)


def _losses_command(study: Study, barrier: bool, cell: Cell, label: str) -> str:
    """Return the command of one cell: the line for its side of the barrier, with rate and preset filled in."""
    state, rate = "on" if barrier else "off", cell.column.rpartition(" ")[2]
    lines = study.command.strip().splitlines()
    line = next((line for line in lines if f"barrier={state}" in line), lines[0])
    line = line.replace("barrier=on|off", f"barrier={state}").replace("learning_rate=LR", f"learning_rate={rate}")
    return line.replace("PRESET", _said(label, r"`(--preset [^`]*)`") or "--preset paper")
