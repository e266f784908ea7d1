"""``import``: import the user's own accuracies, or a benchmark's official files."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from eproxy_engine import spaces
from eproxy_engine.benchmarks import imported
from eproxy_engine.benchmarks.imported import Import
from eproxy_engine.benchmarks.importing import csv_file, downloads, nasbench101_records, nds_archive
from eproxy_engine.benchmarks.importing.checked import Checked, Progress
from eproxy_engine.benchmarks.importing.downloads import OfficialFile
from eproxy_engine.cli.output import json_option, print_json, print_table, say
from eproxy_engine.counted import counted
from eproxy_engine.errors import UserError
from eproxy_engine.foreign import read_bytes

MOST_TOLD = 20
"""Maximum number of rejected rows on standard error; the JSON has all."""


@click.group("import")
def command() -> None:
    """Import measured accuracies, list what was imported, and remove it."""


@command.command("csv")
@click.argument("space")
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--name", help="Name of the import, replacing any of that name (default: from the file name).")
@click.option("--skip-rejected", is_flag=True, help="Import the other rows if some are rejected.")
@click.option(
    "--anyway", is_flag=True, help="Import columns that look like fractions, or not like accuracies, as they are."
)
@json_option
def import_csv(space: str, file: str, name: str | None, skip_rejected: bool, anyway: bool, as_json: bool) -> None:
    """Import a CSV FILE of accuracies for SPACE.

    Its header names a column "architecture" (or arch, arch_str) and columns of accuracies: NAME, NAME (UNIT) or, after
    early stopping, NAME@EPOCHS. The default unit is per cent. Higher is better. An empty field means unknown. Commas,
    semicolons or tabs separate fields; quote those that contain one, or a line break. 80.5%, and 80,5 where commas do
    not separate fields, are numbers. Columns of text are left out, and so are parameters, FLOPs and activations, which
    are counted. The file is UTF-8, or the UTF-16 of a spreadsheet's "Unicode text".
    """
    spaces.get(space)
    content = read_bytes(file, "a CSV file", csv_file.MOST_BYTES)
    with _progress(file) as progress:
        checked = csv_file.check(space, content, file, name, progress)
    refusal = _refusal(checked, file, skip_rejected, anyway)
    if refusal and as_json:
        print_json({"import": None, **_report(checked)})
    else:
        _tell([checked], "line")
        for doubt in checked.doubts:
            click.echo(f"{checked.source}: {doubt}", err=True)
    if refusal:
        raise UserError(refusal)
    _keep(checked, as_json)


def _refusal(checked: Checked, file: str, skip_rejected: bool, anyway: bool) -> str | None:
    """Return why nothing is imported and what to do, or None."""
    if checked.rejected and not skip_rejected:
        return (
            f"{counted(len(checked.rejected), 'row')} of {file!r} rejected, so nothing is imported; correct the file, "
            f"or import the other {len(checked.table):,} with --skip-rejected"
        )
    if checked.doubts and not anyway:
        return (
            f"{file!r} may be mislabelled: {checked.doubts[0]} Nothing is imported; correct the file, or import "
            "it as it is with --anyway"
        )
    return None


@command.command("nds")
@click.argument("path", type=click.Path(), required=False)
@click.option("--download", is_flag=True, help="Download the archive from its official address first.")
@json_option
def import_nds(path: str | None, download: bool, as_json: bool) -> None:
    """Import the official archive of NDS: PATH is its data.zip, or a folder of the JSON files in it.

    Each search space on CIFAR-10 becomes one import. Rows that cannot be used are reported and left out.
    """
    given = _path(path, downloads.NDS if download else None)
    with _progress(given) as progress:
        archive = nds_archive.check(given, progress)
    found = [each for each in archive.checked if len(each.table)]
    _tell(archive.checked, "row")
    if not found:
        raise UserError(f"no row of {given!r} can be imported; accepted: {nds_archive.ACCEPTED}")
    replaced = [each.replaces for each in found]
    kept = [each.keep() for each in found]
    if as_json:
        imports = [{"import": _row(new), **_report(each)} for new, each in zip(kept, found, strict=True)]
        print_json({"imports": imports, "ignored": archive.ignored})
        return
    for new, each, old in zip(kept, found, replaced, strict=True):
        _say(new, each, old)


@command.command("nasbench101")
@click.argument("file", type=click.Path(dir_okay=False), required=False)
@click.option(
    "--download",
    is_flag=False,
    flag_value="only108",
    type=click.Choice(list(downloads.NASBENCH101)),
    help="Download the records from their official address first; full are those with early stopping.",
)
@json_option
def import_nasbench101(file: str | None, download: str | None, as_json: bool) -> None:
    """Import the official nasbench_only108.tfrecord, or nasbench_full.tfrecord with early stopping.

    TensorFlow is not needed. The import takes minutes, because it verifies every record's checksum.
    """
    given = _path(file, downloads.NASBENCH101[download] if download else None)
    with _progress(given) as progress:
        checked = nasbench101_records.check(given, progress)
    _keep(checked, as_json)


def _path(given: str | None, official: OfficialFile | None) -> str:
    """Return the path of a file that is given, or is downloaded after it is said what that takes. Raises UserError."""
    if (given is None) == (official is None):
        raise UserError(f"{'a path and' if given else 'neither a path nor'} --download; accepted: one of them")
    if official is None:
        return str(given)
    click.echo(downloads.described(official), err=True)
    with _progress(official.name, "downloading") as progress:
        return str(downloads.fetch(official, progress))


@command.command("list")
@json_option
def list_imports(as_json: bool) -> None:
    """List all imports, ordered by search space."""
    rows = [_row(each) for space in spaces.names() for each in imported.imports(space)]
    if as_json:
        print_json({"imports": rows})
        return
    shown = [{**row, "tasks": ", ".join(task["task"] for task in row["tasks"])} for row in rows]
    print_table([{**row, "created": time.strftime("%Y-%m-%d %H:%M", time.localtime(row["created"]))} for row in shown])


@command.command("remove")
@click.argument("space")
@click.argument("name")
@json_option
def remove(space: str, name: str, as_json: bool) -> None:
    """Remove the import NAME of SPACE; runs that used it stay."""
    imported.remove(spaces.get(space).name, name)
    if as_json:
        print_json({"space": space, "name": name, "status": "removed"})
    else:
        say(f"{space}: removed {name}")


def _keep(checked: Checked, as_json: bool) -> None:
    replaced = checked.replaces
    kept = checked.keep(anyway=True)
    if as_json:
        print_json({"import": _row(kept), **_report(checked)})
    else:
        _say(kept, checked, replaced)


def _say(kept: Import, checked: Checked, replaced: Import | None) -> None:
    for note in checked.notes:
        say(f"note: {note}")
    tasks = ", ".join(task.name for task in kept.tasks)
    say(
        f"{kept.space}: imported {counted(kept.rows, 'row')} as {kept.name}"
        + (f" ({tasks})" if tasks else "")
        + (f", in place of {replaced.rows:,} from {replaced.source!r}" if replaced else "")
    )


def _row(kept: Import) -> dict[str, Any]:
    tasks = [{"task": task.name, "measured": task.title, "unit": task.unit} for task in kept.tasks]
    return {
        "space": kept.space,
        "name": kept.name,
        "source": kept.source,
        "rows": kept.rows,
        "tasks": tasks,
        "created": kept.created,
    }


def _report(checked: Checked) -> dict[str, Any]:
    return {
        "accepted": len(checked.table),
        "rejected": [asdict(row) for row in checked.rejected],
        "notes": list(checked.notes),
        "doubts": list(checked.doubts),
    }


def _tell(found: Sequence[Checked], row: str) -> None:
    """Print the first rejected rows on standard error. ``row``: unit of their numbers."""
    rejected = [(each.source, one) for each in found for one in each.rejected]
    for source, one in rejected[:MOST_TOLD]:
        click.echo(f"{source}, {row} {one.line}: {one.reason}", err=True)
    if len(rejected) > MOST_TOLD:
        click.echo(f"… and {len(rejected) - MOST_TOLD:,} more rejected rows (--json lists all)", err=True)


@contextmanager
def _progress(file: str, what: str = "reading") -> Iterator[Progress]:
    """Show a bar on standard error, if that is a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(f"{what} {Path(file).name}", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
