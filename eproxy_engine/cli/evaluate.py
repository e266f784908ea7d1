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
from eproxy_engine.runs.kinds.evaluation.famous import Standing, agreement, standings
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
    famous = standings(run.specification.space, evaluated)
    if famous:
        answer |= {"famous": [_plain(each) for each in famous], "famous_rho": agreement(famous)[0]}
    if as_json:
        records = evaluated[list(COLUMNS)].rename(columns=COLUMNS).to_dict("records")
        print_json({**answer, "rows": records})
        return
    print_table(
        _best(evaluated, {each.network.architecture: each.network.name for each in famous}),
        title=f"{run.specification.title}: highest scores",
    )
    names = {"rho": "Spearman ρ", "tau": "Kendall τ", "top10": "top-10% retrieval"}
    print_table([{"": title, "value": interval(answer, key)} for key, title in names.items()])
    say(f"n = {answer['n']}, diverged {answer['diverged']}, {_seconds(answer)} per architecture, run {run.id}")
    if famous:
        _show_famous(famous)


def _best(evaluated: pd.DataFrame, names: dict[str, str]) -> list[dict[str, Any]]:
    """Return the rows with the highest scores, famous networks by name."""
    best = evaluated.sort_values("score", ascending=False).head(10)
    return [
        {
            "architecture": names.get(row.architecture, row.architecture),
            "score": f"{row.score:.4f}",
            "accuracy": f"{row.accuracy:.2f}",
        }
        for row in best.itertuples()
    ]


def _show_famous(found: list[Standing]) -> None:
    rows = [
        {
            "network": each.network.name,
            "rank": each.place,
            "above": "–" if each.above is None else f"{each.above:.0%} of the others",
            "score": f"{each.score:.4f}",
            "ImageNet top-1 error": "" if each.top1 is None else f"{each.top1:.1f}%",
        }
        for each in found
    ]
    print_table(rows, title="Famous networks, highest score first")
    rho, n = agreement(found)
    if n > 1:
        say(f"Spearman ρ of the scores with their published ImageNet accuracies: {rho:.2f}; only {n} networks")


def _plain(standing: Standing) -> dict[str, Any]:
    names = ("rank", "of", "above", "score", "top1")
    plain = {name: getattr(standing, name) for name in names}
    return {"name": standing.network.name, "arch": standing.network.architecture, **plain}


def _seconds(answer: dict[str, Any]) -> str:
    seconds = answer["seconds_per_architecture"]
    return "–" if seconds is None else f"{seconds:.2f} s"
