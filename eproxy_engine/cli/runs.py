"""``runs``: manage runs."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import replace
from typing import Any

import click

from eproxy_engine.cli import architecture_search as search
from eproxy_engine.cli import compare, evaluate, landscape, rank
from eproxy_engine.cli import proxy_search as dps
from eproxy_engine.cli.files import write
from eproxy_engine.cli.output import json_option, print_json, print_table, say, store_option
from eproxy_engine.cli.running import Running, running_options
from eproxy_engine.errors import UserError
from eproxy_engine.foreign import read_bytes
from eproxy_engine.runs import (
    ArchitectureSearchSpecification,
    ComparisonSpecification,
    EvaluationSpecification,
    LandscapeSpecification,
    ProxySearchSpecification,
    RankingSpecification,
    Run,
    Store,
    archive,
)
from eproxy_engine.runs.bundle import pack_all, take
from eproxy_engine.runs.exports.optuna_study import add_study
from eproxy_engine.runs.exports.parquet import parquet as parquet_file
from eproxy_engine.runs.foreground import carry_out
from eproxy_engine.runs.headline import headline
from eproxy_engine.runs.store import check_possible

SHOWN_BY = {
    EvaluationSpecification.kind: evaluate,
    ProxySearchSpecification.kind: dps,
    ComparisonSpecification.kind: compare,
    RankingSpecification.kind: rank,
    LandscapeSpecification.kind: landscape,
    ArchitectureSearchSpecification.kind: search,
}


LISTED = ("id", "status", "space", "name", "found", "tags", "created", "origin", "error")
"""Columns of the table that a terminal has room for; `--json` has them all."""


@click.group("runs")
def command() -> None:
    """List, show, label, stop, pause, resume, delete, export and import runs."""


@command.command("list")
@store_option
@json_option
def list_runs(store_path: str | None, as_json: bool) -> None:
    """List all runs, newest first."""
    rows = [_row(run) for run in Store(store_path).runs()]
    if as_json:
        print_json({"runs": rows})
    else:
        print_table([{name: row[name] for name in LISTED} for row in rows])


@command.command("show")
@click.argument("run_id")
@store_option
@json_option
def show_run(run_id: str, store_path: str | None, as_json: bool) -> None:
    """Show the status of a run and what it has found."""
    store = Store(store_path)
    run = store.run(run_id)
    if run.status == "finished":
        SHOWN_BY[run.kind].show(run, store, as_json)
    elif as_json:
        print_json({**_row(run), "specification": run.specification.as_dict(), "result": run.result})
    else:
        print_table([{"": key, "value": value} for key, value in _row(run).items()])


def _asking(request: str, help_text: str) -> None:
    @command.command(request, help=help_text)
    @click.argument("run_id")
    @store_option
    @json_option
    def ask(run_id: str, store_path: str | None, as_json: bool) -> None:
        _answer(Store(store_path).ask(run_id, request), as_json)


_asking("pause", "Pause a run after its current evaluations; `resume` continues it.")
_asking("stop", "Stop a run after its current evaluations; what it has found stays.")


@command.command("resume")
@click.argument("run_id")
@running_options
def resume(run_id: str, running: Running) -> None:
    """Continue a run here, from its stored evaluations."""
    check_possible(running.store.run(run_id))
    with closing(running.executor()) as executor:
        run = carry_out(running.store, run_id, executor)
    SHOWN_BY[run.kind].show(run, running.store, running.as_json)


@command.command("label")
@click.argument("run_id")
@click.option("--name", help="Name of the run; empty for the one that its settings give it.")
@click.option("--tag", "tags", multiple=True, help="Tag of the run; repeat for several. An empty one removes all.")
@click.option("--note", help="Note about the run, plain text.")
@store_option
@json_option
def label_run(
    run_id: str, name: str | None, tags: tuple[str, ...], note: str | None, store_path: str | None, as_json: bool
) -> None:
    """Give a run a name, tags or a note; what is not given stays."""
    if name is None and note is None and not tags:
        raise UserError("no label is given; accepted: --name, --tag or --note")
    store = Store(store_path)
    given: dict[str, Any] = {"name": name, "tags": tags or None, "note": note}
    labels = replace(store.run(run_id).labels, **{key: value for key, value in given.items() if value is not None})
    _answer(store.label(run_id, labels), as_json)


@command.command("delete")
@click.argument("run_id")
@store_option
@json_option
def delete(run_id: str, store_path: str | None, as_json: bool) -> None:
    """Delete a run; its evaluations stay for other runs."""
    store = Store(store_path)
    row = _row(store.run(run_id))
    store.delete(run_id)
    if as_json:
        print_json({**row, "status": "deleted"})
    else:
        say(f"run {run_id}: deleted")


@command.command("export")
@click.argument("run_ids", metavar="RUN_ID...", nargs=-1, required=True)
@click.option(
    "--out",
    type=click.Path(dir_okay=False),
    help="File for the run with its evaluations, for `import`; a zip file for several runs.",
)
@click.option("--optuna", type=click.Path(dir_okay=False), help="SQLite file to which a search is added as a study.")
@click.option("--parquet", type=click.Path(dir_okay=False), help="Parquet file for the table of what was found.")
@store_option
@json_option
def export_run(
    run_ids: tuple[str, ...],
    out: str | None,
    optuna: str | None,
    parquet: str | None,
    store_path: str | None,
    as_json: bool,
) -> None:
    """Export a run to a file: whole, as an Optuna study, or its table. Several runs go whole into one zip file."""
    run_id, *more = run_ids
    if more and (optuna is not None or parquet is not None):
        raise UserError(f"{len(run_ids)} runs; accepted: one for --optuna and --parquet, any number for --out")
    store, files = Store(store_path), {"file": out, "optuna": optuna, "parquet": parquet}
    written: dict[str, str] = {name: file for name, file in files.items() if file is not None}
    if not written:
        raise UserError("no file is given; accepted: --out, --optuna or --parquet")
    if out is not None:
        write(out, pack_all(store, run_ids) if more else archive.pack(store, run_id))
    if parquet is not None:
        write(parquet, parquet_file(store, run_id))
    if optuna is not None:
        written["study"] = add_study(store, run_id, optuna)
    if as_json:
        print_json({"runs": list(run_ids), **written} if more else {"run": run_id, **written})
    else:
        paths = ", ".join(file for name, file in written.items() if name != "study")
        say(f"run {', '.join(run_ids)}: written to {paths}")


@command.command("import")
@click.argument("file", type=click.Path(dir_okay=False))
@store_option
@json_option
def import_run(file: str, store_path: str | None, as_json: bool) -> None:
    """Import a run with its evaluations from an exported file, or all of a zip file. None is added twice."""
    content = read_bytes(file, archive.ACCEPTED, archive.LARGEST_BYTES)
    taken = take(Store(store_path), content)
    if as_json:
        rows = [_row(each.run) for each in taken]
        print_json(rows[0] if len(rows) == 1 else {"runs": rows})
    else:
        for run, is_new in taken:
            say(f"run {run.id}: {run.status}" + ("" if is_new else ", which is here already"))


def _answer(run: Run, as_json: bool) -> None:
    if as_json:
        print_json(_row(run))
    else:
        say(f"run {run.id}: {run.status}" + (f" ({run.request} requested)" if run.request else ""))


def _row(run: Run) -> dict[str, object]:
    rho = run.rho
    done, total = run.progress.get("done"), run.progress.get("total")
    return {
        "id": run.id,
        "status": run.status,
        "space": run.specification.space,
        "name": run.name,
        "found": headline(run),
        "tags": ", ".join(run.labels.tags),
        "note": run.labels.note,
        "what": run.specification.title,
        "done": f"{done}/{total}" if total else None,
        "rho": None if rho is None else round(rho, 3),
        "created": time.strftime("%Y-%m-%d %H:%M", time.localtime(run.created)),
        "origin": run.origin,
        "device": run.device,
        "request": run.request,
        "error": run.error,
    }
