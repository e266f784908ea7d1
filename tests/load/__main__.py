"""``python -m tests.load``: how quickly the dashboard answers with a heavy store, idle and under load."""

from __future__ import annotations

import json
from pathlib import Path

import click
import numpy as np

from tests.load.clicks import costs
from tests.load.first_page import first_page
from tests.load.heavy_store import open_heavy
from tests.load.measuring import COLUMNS, measured
from tests.load.memory import growing
from tests.load.scripts import REPETITIONS, script_times


@click.group()
def group() -> None:
    """The dashboard with years of use in its store."""


@group.command()
@click.argument("home", type=click.Path(path_type=Path))
@click.option("--runs", default=200, show_default=True, type=click.IntRange(1))
@click.option("--evaluations", default=1_000_000, show_default=True, type=click.IntRange(1))
def store(home: Path, runs: int, evaluations: int) -> None:
    """Fill the store of the data directory HOME; takes minutes, once."""
    made = open_heavy(home, runs, evaluations)
    click.echo(f"{made.path}: {len(made.runs())} runs, {made.count_evaluations():,} evaluations")


@group.command()
@click.argument("home", type=click.Path(path_type=Path))
@click.option("--busy", is_flag=True, help="Meanwhile a run uses every core.")
@click.option("--openings", default=5, show_default=True, type=click.IntRange(1), help="Of each page.")
@click.option("--clicks", default=30, show_default=True, type=click.IntRange(1), help="On each page.")
@click.option("--page", "pages", multiple=True, help="Only the page of that title.")
@click.option("--json", "as_json", is_flag=True)
def pages(home: Path, busy: bool, openings: int, clicks: int, pages: tuple[str, ...], as_json: bool) -> None:
    """Milliseconds until each page of a dashboard on HOME answers: median, and 95th percentile."""
    found = (times.as_dict() for times in measured(home, busy, openings, clicks, pages))
    if as_json:
        click.echo(json.dumps(list(found)))
        return
    click.echo(f"{'page':22}" + "".join(f"{name:>10}{'95%':>8}" for name in COLUMNS))
    for row in found:
        cells = "".join(f"{row[name]:10.0f}{row[f'{name} 95%']:8.0f}" for name in COLUMNS)
        click.echo(f"{row['page']:22}{cells}")


@group.command()
@click.argument("home", type=click.Path(path_type=Path))
@click.option("--page", "pages", multiple=True, help="Only the page of that title.")
def scripts(home: Path, pages: tuple[str, ...]) -> None:
    """Milliseconds of processor time that the script of each page takes on HOME, run again as a click does."""
    for title, times in script_times(home, pages):
        click.echo(
            f"{title:22} median {np.median(times):6.0f}   of {REPETITIONS}: {min(times):.0f} to {max(times):.0f}"
        )


@group.command()
@click.argument("home", type=click.Path(path_type=Path))
@click.option("--page", "pages", multiple=True, help="Only the page of that title.")
@click.option("--rounds", default=1, show_default=True, type=click.IntRange(1), help="Through the clicks of each page.")
def clicks(home: Path, pages: tuple[str, ...], rounds: int) -> None:
    """Milliseconds of processor time, of server and browser, that opening each page of HOME takes, and each click."""
    for cost in costs(home, pages, rounds):
        click.echo(f"{cost.page:22}{cost.act:20} server {cost.server:6.0f}   browser {cost.browser:6.0f}")


@group.command()
@click.argument("home", type=click.Path(path_type=Path))
@click.option("--minutes", default=60, show_default=True, type=click.IntRange(1))
def memory(home: Path, minutes: int) -> None:
    """Resident megabytes of a dashboard on HOME, each minute, while two of its pages follow a search."""
    for minute, (updates, megabytes) in enumerate(growing(home, minutes), 1):
        click.echo(f"{minute:4} min {updates:7,} updates {megabytes:8.0f} MB")


@group.command()
@click.argument("home", type=click.Path(path_type=Path))
@click.option("--times", default=5, show_default=True, type=click.IntRange(1))
def first(home: Path, times: int) -> None:
    """Seconds from the start of a dashboard on HOME until its first page answers, can be read, and is drawn; then the
    processor time of server and browser until then."""
    for _ in range(times):
        click.echo(", ".join(f"{name} {seconds:.2f} s" for name, seconds in first_page(home).items()))


if __name__ == "__main__":
    group()
