"""``compare``: any number of proxies on the same architectures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from eproxy_engine import benchmarks
from eproxy_engine.baselines import Baseline, tabulated
from eproxy_engine.cli.fields import setting_options
from eproxy_engine.cli.files import sample
from eproxy_engine.cli.options import (
    archs_option,
    draw_option,
    images_option,
    rule_option,
    sample_option,
    space_option,
    task_option,
)
from eproxy_engine.cli.output import interval, print_json, print_table, say
from eproxy_engine.cli.running import Running, running_options
from eproxy_engine.foreign import read_text
from eproxy_engine.runs import ComparisonSpecification, Run, Store
from eproxy_engine.runs.kinds.comparison.differences import RHO_DIFFERENCE, Together, together
from eproxy_engine.runs.kinds.comparison.plan import scores_of
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring.named import SLOW, NamedProxy, named, names
from eproxy_engine.scoring.proxy import from_yaml

PLAIN = {"τ": "tau", "top-10%": "top10", "precision@10": "precision10", "nDCG": "ndcg", "partial ρ": "partial_rho"}


@click.command("compare")
@space_option
@task_option
@sample_option
@rule_option
@archs_option
@click.option("--seed", default=1, show_default=True, help="Seed of the sample, the images and the evaluations.")
@draw_option
@click.option(
    "--seeds",
    "count",
    default=1,
    show_default=True,
    help="Number of consecutive seeds, starting at --seed; the sample stays.",
)
@click.option(
    "--proxy",
    "chosen",
    multiple=True,
    help="Proxy to compare (`proxies` lists them; also eproxy_laptop, early_stopping@12); repeatable; default: all.",
)
@click.option(
    "--config",
    "files",
    multiple=True,
    type=click.Path(dir_okay=False),
    help="YAML file with a proxy, compared under the file's name.",
)
@setting_options(Baseline)
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
    count: int,
    chosen: tuple[str, ...],
    files: tuple[str, ...],
    changes: dict[str, Any],
    images: str,
    running: Running,
) -> None:
    """Score the same architectures by several proxies and show how well each ranks them."""
    task_name = benchmarks.task(space, task).name
    drawn = sample(space, archs, rule, size, seed, draw)
    wanted = chosen or _all(drawn, space, task_name, bool(files))
    proxies = [named(name, **changes) for name in wanted]
    proxies += [NamedProxy(Path(file).stem, from_yaml(read_text(file))) for file in files]
    seeds = tuple(range(seed, seed + count))
    specification = ComparisonSpecification(space, task_name, drawn, tuple(proxies), images, seeds).checked()
    show(running.carried_out(running.faster(specification)), running.store, running.as_json)


def _all(drawn: Sample, space: str, task: str, has_files: bool) -> list[str]:
    """All proxies, unless files were given."""
    if has_files:
        return []
    return [name for name in names(tabulated.available(drawn.draw(space, task))) if name not in SLOW]


def show(run: Run, store: Store, as_json: bool) -> None:
    """Print the result of a finished comparison."""
    assert isinstance(run.specification, ComparisonSpecification)
    rows = (run.result or {})["proxies"]
    outcomes = store.outcomes(run.specification.evaluations())
    compared = together(run.specification, outcomes)
    if as_json:
        table = scores_of(run.specification, outcomes, unknown=True)
        answer = {"run": run.id, **(run.result or {}), "differences": compared.pairs()}
        print_json({**answer, "rows": table.to_dict("records")})
        return
    best_first = sorted(rows, key=lambda row: -2 if row["rho"] is None else row["rho"], reverse=True)
    lines = [_line(row, best_first[0]["name"], compared) for row in best_first]
    if not any(line["over seeds"] for line in lines):
        lines = [{title: text for title, text in line.items() if title != "over seeds"} for line in lines]
    print_table(lines, title=run.specification.title)
    if len(rows) > 1:
        say("Differences of ρ are paired, on the same architectures; one whose interval includes 0 may be chance.")
        say("The first proxy is the best on these very architectures, which favours it a little over the others.")
    for row in rows:
        for note, times in row["notes"].items():
            say(f"{row['name']}: {note} ({times} of {row['n']})")
    say(f"n = {rows[0]['n'] if rows else 0}, run {run.id}")


def _rounded(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.3f}"


def _behind(name: str, best: str, compared: Together) -> str:
    """Say how far ρ is from the best proxy's."""
    return interval(compared.difference(name, best), RHO_DIFFERENCE) if name != best else ""


def _line(row: dict[str, Any], best: str, compared: Together) -> dict[str, Any]:
    spread = row["seed_rhos"]
    seconds, memory = row["seconds_per_architecture"], row["peak_megabytes"]
    return {
        "proxy": row["name"],
        "ρ": interval(row, "rho"),
        f"ρ less that of {best}": _behind(row["name"], best, compared),
        "over seeds": " ".join(f"{rho:.2f}" for rho in spread) if len(spread) > 1 else "",
        **{title: _rounded(row[key]) for title, key in PLAIN.items()},
        "ms": "" if seconds is None else f"{1000 * seconds:.0f}",
        "peak MB": "" if memory is None else f"{memory:.0f}",
        "failed": row["failed"],
    }
