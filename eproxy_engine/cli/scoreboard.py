"""``scoreboard``: show the paper's tables beside our own measurements."""

from __future__ import annotations

from typing import Any

import click

from eproxy_engine.cli.output import interval, json_option, print_json, print_table, say, store_option
from eproxy_engine.runs import Store, bundled
from eproxy_engine.runs.command_line import command as command_line
from eproxy_engine.scoreboard import Entry, Table, entries, table, tables


@click.command("scoreboard")
@click.option("--table", "number", type=int, help="One table, 1 to 5 (default: all).")
@store_option
@json_option
def command(number: int | None, store_path: str | None, as_json: bool) -> None:
    """Show every cell of the paper's Tables 1 to 5 as published and as measured here."""
    wanted = tables() if number is None else (table(number),)
    store = Store(store_path)
    bundled.add_samples(store)
    runs = store.runs()
    found = {each: entries(each, runs) for each in wanted}
    if as_json:
        print_json({"tables": [_json(each, cells) for each, cells in found.items()]})
        return
    for each, cells in found.items():
        print_table([_line(entry) for entry in cells], title=f"Table {each.number}: {each.title}")
        missing = [entry for entry in cells if entry.missing]
        say(f"{sum(entry.measured is not None for entry in cells)} of {len(cells)} cells are measured")
        if missing:
            say(f"to measure {missing[0].cell.title}: {command_of(missing[0])}")


def command_of(entry: Entry) -> str | None:
    """Return the command that measured the cell, or would; None if none can."""
    if entry.measured is not None:
        return entry.measured.command
    return command_line(entry.recipe.specification) if entry.recipe.specification is not None else None


def _line(entry: Entry) -> dict[str, Any]:
    cell, measured = entry.cell, entry.measured
    return {
        "part": cell.part,
        "row": cell.row,
        "column": cell.column,
        "published": "" if cell.ours else _figures(cell.rho, cell.top10) + " T" * cell.transferred,
        "measured": _state(entry) if measured is None else interval(dict(measured.estimates), "rho"),
        "top-10%": _percent(measured.estimates["top10"] if measured else None),
        "n": "" if measured is None else str(measured.n),
        "width": "" if measured is None or not measured.width else str(measured.width),
        "seeds": "" if measured is None else ", ".join(str(seed) for seed, _ in measured.seed_rhos),
        "run": (measured.run or "") + " T" * bool(measured.found_on) if measured else entry.coming or "",
    }


def _figures(rho: float | None, top10: float | None) -> str:
    return f"{'?' if rho is None else f'{rho:.2f}'} {_percent(top10)}".strip()


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def _state(entry: Entry) -> str:
    if entry.coming:
        return "under way"
    return "not measured yet" if entry.missing or entry.averaged else "not possible"


def _json(given: Table, cells: list[Entry]) -> dict[str, Any]:
    return {"table": given.number, "title": given.title, "cells": [_json_cell(entry) for entry in cells]}


def _json_cell(entry: Entry) -> dict[str, Any]:
    cell, measured = entry.cell, entry.measured
    published = {"rho": cell.rho, "top10": cell.top10, "transferred": cell.transferred, "note": cell.note}
    shown = None
    if measured is not None:
        shown = {
            **measured.estimates,
            "n": measured.n,
            "width": measured.width,
            "images": measured.images,
            "seeds": [{"seed": seed, "rho": rho} for seed, rho in measured.seed_rhos],
            "found_on": measured.found_on,
            "run": measured.run,
        }
    return {
        **{name: getattr(cell, name) for name in ("part", "row", "column")},
        **{name: getattr(entry.recipe, name) for name in ("space", "task")},
        "published": published,
        "measured": shown,
        "coming": entry.coming,
        "why_not": entry.recipe.why_not,
        "command": command_of(entry),
    }
