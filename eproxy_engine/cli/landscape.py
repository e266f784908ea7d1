"""``landscape``: loss surfaces with and without the barrier, and their measures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from eproxy_engine import benchmarks
from eproxy_engine.cli.fields import setting_options
from eproxy_engine.cli.files import architectures, changed, sample, with_width, write
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
from eproxy_engine.cli.output import print_json, print_table, say
from eproxy_engine.cli.running import Running, running_options
from eproxy_engine.counted import counted
from eproxy_engine.errors import UserError
from eproxy_engine.foreign import read_text
from eproxy_engine.landscape import MEASURES, View
from eproxy_engine.proxy import Configuration, preset
from eproxy_engine.runs import LandscapeSpecification, Run, Store
from eproxy_engine.runs.kinds.landscape import file as landscape_file
from eproxy_engine.runs.kinds.landscape.plan import surface_of
from eproxy_engine.runs.kinds.landscape.specification import BARRIERS
from eproxy_engine.sampling import Sample


@click.command("landscape")
@space_option
@task_option
@click.option("--arch", "named", multiple=True, help="Architecture; repeatable.")
@archs_option
@sample_option
@rule_option
@click.option("--extremes", type=int, help="Use the N most and N least accurate architectures of the sample.")
@click.option("--barrier", type=click.Choice(list(BARRIERS.values())), default="both", show_default=True)
@preset_option
@click.option(
    "--config", type=click.Path(dir_okay=False), help="YAML file with a proxy configuration, instead of a preset."
)
@set_option
@width_option
@click.option(
    "--centre",
    "centres",
    multiple=True,
    type=int,
    help="Updates before the point in the middle; repeat for several surfaces (default: all iterations of the proxy).",
)
@setting_options(View)
@click.option("--draws", default=1, show_default=True, help="Number of pairs of directions, starting at --directions.")
@click.option(
    "--seed", default=1, show_default=True, help="Seed of images, weights, targets, directions and the sample."
)
@click.option(
    "--seeds",
    "count",
    default=1,
    show_default=True,
    help="Number of consecutive seeds, starting at --seed; the sample stays.",
)
@draw_option
@images_option
@click.option("--out", type=click.Path(dir_okay=False), help="Write the surfaces to this .npz file.")
@running_options
def command(
    space: str,
    task: str | None,
    named: tuple[str, ...],
    archs: str | None,
    size: int,
    rule: str,
    extremes: int | None,
    barrier: str,
    preset_name: str,
    config: str | None,
    settings: tuple[str, ...],
    width: str | None,
    centres: tuple[int, ...],
    changes: dict[str, Any],
    draws: int,
    seed: int,
    count: int,
    draw: int | None,
    images: str,
    out: str | None,
    running: Running,
) -> None:
    """Compute loss surfaces and say how rugged they are."""
    task_name = benchmarks.task(space, task).name
    if named and archs:
        raise UserError(f"--arch and --archs {archs}; accepted: one of them")
    picked = named or (architectures(space, archs) if archs else ())
    drawn = Sample("picked", picked=picked) if picked else sample(space, None, rule, size, seed, draw)
    if extremes is not None:
        drawn = drawn.extremes(space, task_name, extremes)
    configuration = _configuration(config, preset_name, with_width(settings, width))
    centre = centres[0] if centres else configuration.iterations
    specification = LandscapeSpecification(
        space,
        task_name,
        drawn,
        configuration,
        View(centre=centre, **changes),
        next(barriers for barriers, name in BARRIERS.items() if name == barrier),
        centres if len(centres) > 1 else (),
        draws,
        images,
        tuple(range(seed, seed + count)),
    ).checked()
    run = running.carried_out(running.faster(specification))
    assert isinstance(run.specification, LandscapeSpecification)
    if out is not None:
        write(out, landscape_file.npz(running.store, specification.computed_by(run.specification.arithmetic)))
    show(run, running.store, running.as_json)


def _configuration(config: str | None, preset_name: str, settings: list[str]) -> Configuration:
    """Raises UserError."""
    member = changed(Configuration.from_yaml(read_text(config)) if config else preset(preset_name), settings)
    assert isinstance(member, Configuration)
    return replace(member, barrier=True)


def show(run: Run, store: Store, as_json: bool) -> None:
    """Print the result of a finished run."""
    given, result = run.specification, run.result or {}
    assert isinstance(given, LandscapeSpecification)
    rows = result["surfaces"]
    if as_json:
        first = given.surfaces()[0]
        shown = surface_of(given, first, store.outcomes(given.evaluations(first)))
        print_json(
            {
                "run": run.id,
                "loss": shown.loss.tolist(),
                "x": shown.x.tolist(),
                "y": shown.y.tolist(),
                "measures": shown.measures.as_dict(),
                **result,
            }
        )
        return
    architectures = list(dict.fromkeys(row["architecture"] for row in rows))
    for number, architecture in enumerate(architectures, 1):
        say(f"{number}: {architecture}")
    print_table([_line(row, architectures.index(row["architecture"]) + 1) for row in rows], title=given.title)
    for row in result["separation"]:
        if row["auc"] is not None and row["n_good"] > 1:
            barrier = "with" if row["barrier"] else "without"
            say(f"{row['measure']} {barrier} barrier: AUC {row['auc']:.2f} (p = {row['p']:.2g})")
    say(f"{counted(len(rows), 'surface')}, run {run.id}")


def _line(row: dict[str, Any], number: int) -> dict[str, Any]:
    where = f"{row['seed']}/{row['draw']}/{row['centre']}"
    numbers = {name: "" if row[name] is None else f"{row[name]:.3g}" for name in ("centre_loss", *MEASURES)}
    shown = {name.replace("_", " "): value for name, value in numbers.items()}
    return {"": number, "barrier": "on" if row["barrier"] else "off", "seed/directions/centre": where, **shown}
