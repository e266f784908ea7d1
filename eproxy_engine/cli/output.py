"""The options ``--json`` and ``--store``, and functions that print a command's answer."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from eproxy_engine.cli.standard_output import answers, kept_for_answers

PIPED_WIDTH = 160

_as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
store_option = click.option(
    "--store", "store_path", type=click.Path(dir_okay=False), help="File of the store (default: in the data directory)."
)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--json`` to a command, and send output other than that of this module to standard error."""

    @wraps(command)
    def answering(*arguments: Any, **values: Any) -> Any:
        with kept_for_answers():
            return command(*arguments, **values)

    return _as_json(answering)


def say(line: str) -> None:
    """Print a line of the answer."""
    click.echo(line, answers())


def print_json(value: dict[str, Any]) -> None:
    """Print one JSON object; non-finite numbers (−inf of a diverged score) become null."""
    say(json.dumps(_json_safe(value)))


def print_table(rows: list[dict[str, Any]], title: str | None = None) -> None:
    """Print a table with one column per key of the first row."""
    table = Table(title=title, title_justify="left")
    for column in rows[0] if rows else ["nothing yet"]:
        numeric = bool(rows) and isinstance(rows[0][column], int | float)
        table.add_column(str(column), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    Console(file=answers(), width=None if answers().isatty() else PIPED_WIDTH).print(table)


def interval(values: dict[str, Any], name: str) -> str:
    """Format a statistic with its interval, as ``0.630  [0.550, 0.700]``."""
    value, low, high = (values[part] for part in (name, f"{name}_low", f"{name}_high"))
    if value is None:
        return "undefined"
    return f"{value:.3f}" if low is None else f"{value:.3f}  [{low:.3f}, {high:.3f}]"


def _json_safe(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _json_safe(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json_safe(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
