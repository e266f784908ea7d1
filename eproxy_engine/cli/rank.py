"""``rank``: a few accuracies and a panel of cheap scores rank all other architectures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pandas as pd

from eproxy_engine import benchmarks
from eproxy_engine.cli.fields import setting_options
from eproxy_engine.cli.files import architectures, write
from eproxy_engine.cli.options import images_option, space_option, task_option
from eproxy_engine.cli.output import print_json, print_table, say
from eproxy_engine.cli.running import Running, running_options
from eproxy_engine.counted import counted
from eproxy_engine.errors import UserError
from eproxy_engine.foreign import read_bytes, read_text
from eproxy_engine.learning.measure_next import AIMS, BEST
from eproxy_engine.learning.models import MODELS
from eproxy_engine.learning.panels import panel
from eproxy_engine.learning.panels.panel import TITLES
from eproxy_engine.learning.settings import RankingSettings
from eproxy_engine.runs import RankingSpecification, Run, Store
from eproxy_engine.runs.kinds.ranking.labels import labels_in
from eproxy_engine.runs.kinds.ranking.problem import Problem, problem_of, ranking
from eproxy_engine.sampling import ANYWHERE, Sample, drawable, drawable_anywhere
from eproxy_engine.scoring.named import NamedProxy
from eproxy_engine.scoring.proxy import from_yaml


@click.command("rank")
@space_option
@task_option
@click.option("--sample", "size", type=int, help="Number of candidates (default: the labelled ones and --holdout).")
@click.option(
    "--holdout", default=500, show_default=True, help="Candidates beside the labelled ones, if there are as many."
)
@click.option(
    "--rule", default="random", show_default=True, help="random, or space for architectures nobody has measured."
)
@click.option("--candidates", "file", type=click.Path(dir_okay=False), help="File with one candidate per line.")
@click.option(
    "--panel", "panel_name", default="quick", show_default=True, help=f"Cheap scores: {'; '.join(TITLES.values())}."
)
@click.option(
    "--config",
    "files",
    multiple=True,
    type=click.Path(dir_okay=False),
    help="YAML file with a proxy, added to the panel.",
)
@setting_options(RankingSettings)
@click.option(
    "--labels",
    "labels",
    type=click.Path(dir_okay=False),
    help="CSV file with architectures and accuracies of your own.",
)
@click.option("--seed", default=1, show_default=True, help="Seed of candidates, draws, images and evaluations.")
@click.option("--draw", type=int, help="Seed of the candidates, if it differs from --seed.")
@click.option("--next", "count", default=0, show_default=True, help="How many to suggest for the next measurements.")
@click.option(
    "--aim",
    type=click.Choice(list(AIMS)),
    default=BEST,
    show_default=True,
    help="What these are for: the best, or most telling.",
)
@click.option("--out", type=click.Path(dir_okay=False), help="CSV file for the ranking with all scores.")
@images_option
@running_options
def command(
    space: str,
    task: str | None,
    size: int | None,
    holdout: int,
    rule: str,
    file: str | None,
    panel_name: str,
    files: tuple[str, ...],
    changes: dict[str, Any],
    labels: str | None,
    seed: int,
    draw: int | None,
    count: int,
    aim: str,
    out: str | None,
    images: str,
    running: Running,
) -> None:
    """Rank architectures by a few accuracies and many cheap scores, and judge the ranking on the others."""
    task_name, settings = benchmarks.task(space, task).name, RankingSettings(**changes)
    given = labels_in(space, read_bytes(labels, "a CSV file"), labels) if labels else ()
    if file is not None:
        sample = Sample("picked", picked=architectures(space, file))
    else:
        wanted = settings.labels + holdout if size is None else size
        if size is None:
            there = drawable_anywhere(space, wanted) if rule == ANYWHERE else drawable(space, task_name)
            wanted = min(wanted, there)
        sample = Sample(rule, wanted, seed if draw is None else draw)
    proxies = [NamedProxy(Path(each).stem, from_yaml(read_text(each))) for each in files]
    specification = RankingSpecification(
        space, task_name, sample, panel(panel_name).with_proxies(proxies), settings, given, images, seed
    ).checked()
    run = running.carried_out(running.faster(specification))
    assert isinstance(run.specification, RankingSpecification)
    problem = problem_in(running.store, run.specification)
    if out is not None:
        write(out, ranking(problem).to_csv(index=False))
    _show(run, problem, problem.next(count, aim), running.as_json)


def problem_in(store: Store, specification: RankingSpecification) -> Problem:
    """Return the problem of a finished run. Raises UserError if its scores are not in the store any more."""
    problem = problem_of(specification, store.outcomes(specification.evaluations()))
    if problem is None:
        raise UserError("scores of this run are missing in the store; run it again")
    return problem


def show(run: Run, store: Store, as_json: bool) -> None:
    """Print the result of a finished learned ranking."""
    assert isinstance(run.specification, RankingSpecification)
    _show(run, problem_in(store, run.specification), [], as_json)


def _show(run: Run, problem: Problem, suggested: list[str], as_json: bool) -> None:
    result, table = run.result or {}, ranking(problem)
    if as_json:
        best = table.head(10)[["rank", "architecture", "predicted", "deviation", "labelled", "accuracy"]]
        print_json({"run": run.id, **result, "best": best.to_dict("records"), "next": suggested})
        return
    specification = run.specification
    if "rho" in result:
        chosen = MODELS[specification.settings.model].title  # type: ignore[attr-defined]
        lines = {f"{chosen} (chosen)": result} | result["references"]
        lines |= {MODELS[name].title: found for name, found in result["models"].items()}
        print_table([_line(name, found) for name, found in lines.items()], title=specification.title)
        labels, draws = counted(result["labels"], "label"), counted(result["draws"], "draw")
        say(f"{labels}, judged on {result['n']} others, mean ± sd of {draws}, run {run.id}")
    else:
        say(f"{specification.title}: nothing is left to judge the ranking, run {run.id}")
    for name in result["left_out"]:
        say(f"{name} is left out: it is equal for all candidates")
    print_table([_row(row) for row in table.head(10).to_dict("records")], title="the first ten")
    for text in suggested:
        say(text)


def _line(name: str, found: dict[str, Any]) -> dict[str, str]:
    return {"ranked by": name, "ρ": _spread(found["rho"]), "top-10%": _spread(found["top10"])}


def _spread(found: dict[str, float | None]) -> str:
    return "undefined" if found["mean"] is None else f"{found['mean']:.3f} ± {found['sd']:.3f}"


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "rank": row["rank"],
        "architecture": row["architecture"],
        "predicted": f"{row['predicted']:.2f} ± {row['deviation']:.2f}",
        "accuracy": "" if pd.isna(row["accuracy"]) else f"{row['accuracy']:g}",
        "labelled": "yes" if row["labelled"] else "",
    }
