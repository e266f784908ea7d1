"""``transfer``: apply the proxy that a proxy search has found to other tasks and search spaces."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import click

from eproxy_engine import benchmarks
from eproxy_engine.cli.output import interval, print_json, print_table
from eproxy_engine.cli.running import Running, running_options
from eproxy_engine.errors import UserError
from eproxy_engine.runs import EvaluationSpecification, ProxySearchSpecification, Run
from eproxy_engine.runs.foreground import carried_out_here
from eproxy_engine.runs.kinds.proxy_search.plan import proxy_in
from eproxy_engine.sampling import drawable


@click.command("transfer")
@click.argument("run_id")
@click.option("--space", "names", multiple=True, help="Search space; may be given several times (default: the run's).")
@click.option("--task", "tasks", multiple=True, help="Task; may be given several times (default: all measured ones).")
@click.option("--archs", "count", default=200, show_default=True, help="Unseen architectures per task.")
@running_options
def command(
    run_id: str,
    names: tuple[str, ...],
    tasks: tuple[str, ...],
    count: int,
    running: Running,
) -> None:
    """Judge the proxy of a proxy search on other tasks and search spaces; tasks of one space share evaluations."""
    run = running.store.run(run_id)
    if not isinstance(run.specification, ProxySearchSpecification):
        raise UserError(f"run {run_id} is not a proxy search; accepted: a proxy search")
    proxy = proxy_in(run.result)
    if proxy is None:
        raise UserError(f"run {run_id} has found no proxy yet; accepted: a proxy search with at least one full trial")
    wanted = [
        run.specification.transfer(space, task, count, proxy).checked()
        for space in names or (run.specification.space,)
        for task in _tasks(space, tasks)
    ]
    with closing(running.executor()) as executor:
        rows = [_row(carried_out_here(running.store, each, executor), each) for each in wanted]
    if running.as_json:
        print_json({"run": run_id, "transfer": rows})
        return
    statistics = ("rho", "tau", "top10")
    print_table(
        [
            {"space": row["space"], "task": row["task"], "n": row["n"], **{s: interval(row, s) for s in statistics}}
            for row in rows
        ],
        title=f"Proxy of run {run_id} on other tasks and search spaces",
    )


def _tasks(space: str, wanted: tuple[str, ...]) -> list[str]:
    if wanted:
        return [benchmarks.task(space, task).name for task in wanted]
    return [task.name for task in benchmarks.tasks(space) if drawable(space, task.name)]


def _row(run: Run, given: EvaluationSpecification) -> dict[str, Any]:
    return {"space": given.space, "task": given.task, "run": run.id, **(run.result or {})}
