"""``evaluate``: score a sample of architectures and correlate the scores with the measured accuracies."""

from __future__ import annotations

from typing import Any

import click
import pandas as pd

from eproxy_engine import benchmarks
from eproxy_engine.cli.files import sample, with_width
from eproxy_engine.cli.options import (
    archs_option,
    draw_option,
    images_option,
    preset_option,
    rule_option,
    sample_option,
    set_option,
    space_option,
    task_option,
    width_option,
)
from eproxy_engine.cli.output import interval, print_json, print_table, say
from eproxy_engine.cli.proxy import chosen, config_option, proxy_option
from eproxy_engine.cli.running import Running, running_options
from eproxy_engine.runs import EvaluationSpecification, Run, Store
from eproxy_engine.runs.kinds.evaluation.rows import stored_rows

COLUMNS = {"architecture": "arch", "accuracy": "accuracy", "score": "score", "losses": "losses"}


@click.command("evaluate")
@space_option
@task_option
@sample_option
@rule_option
@archs_option
@click.option("--seed", default=1, show_default=True, help="Seed of the sample, the images and the evaluations.")
@draw_option
@proxy_option
@preset_option
@config_option
@set_option
@width_option
@images_option
@running_options
def command(
    space: str,
    task: str | None,
    size: int,
    rule: str,
    archs: str | None,
    seed: int,
    draw: int | None,
    name: str | None,
    preset_name: str,
    config: str | None,
    settings: tuple[str, ...],
    width: str | None,
    images: str,
    running: Running,
) -> None:
    """Train the proxy on a sample of architectures and show how its scores rank them."""
    drawn = sample(space, archs, rule, size, seed, draw)
    task_name = benchmarks.task(space, task).name
    proxy = chosen(name, preset_name, config, with_width(settings, width))
    specification = EvaluationSpecification(space, task_name, drawn, proxy, images, seed).checked()
    show(running.carried_out(running.faster(specification)), running.store, running.as_json)


def show(run: Run, store: Store, as_json: bool) -> None:
    """Print the result of a finished run."""
    assert isinstance(run.specification, EvaluationSpecification)
    evaluated = stored_rows(store, run.specification)
    answer = {"run": run.id, **(run.result or {})}
    if as_json:
        records = evaluated[list(COLUMNS)].rename(columns=COLUMNS).to_dict("records")
        print_json({**answer, "rows": records})
        return
    print_table(_best(evaluated), title=f"{run.specification.title}: highest scores")
    names = {"rho": "Spearman ρ", "tau": "Kendall τ", "top10": "top-10% retrieval"}
    print_table([{"": title, "value": interval(answer, key)} for key, title in names.items()])
    say(f"n = {answer['n']}, diverged {answer['diverged']}, {_seconds(answer)} per architecture, run {run.id}")


def _best(evaluated: pd.DataFrame) -> list[dict[str, Any]]:
    best = evaluated.sort_values("score", ascending=False).head(10)
    return [
        {"architecture": row.architecture, "score": f"{row.score:.4f}", "accuracy": f"{row.accuracy:.2f}"}
        for row in best.itertuples()
    ]


def _seconds(answer: dict[str, Any]) -> str:
    seconds = answer["seconds_per_architecture"]
    return "–" if seconds is None else f"{seconds:.2f} s"
