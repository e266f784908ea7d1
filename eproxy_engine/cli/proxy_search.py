"""``dps``: search for a proxy configuration that ranks a handful of architectures, and judge it on others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from eproxy_engine import benchmarks
from eproxy_engine.cli.fields import setting_options
from eproxy_engine.cli.files import sample, write
from eproxy_engine.cli.options import (
    draw_option,
    images_option,
    space_option,
    task_option,
)
from eproxy_engine.cli.output import interval, print_json, print_table, say
from eproxy_engine.cli.running import Running, running_options
from eproxy_engine.counted import counted
from eproxy_engine.errors import UserError
from eproxy_engine.runs import ProxySearchSpecification, Run, Store
from eproxy_engine.runs.kinds.proxy_search.plan import proxy_in
from eproxy_engine.sampling import RULES
from eproxy_engine.scoring.proxy import to_yaml
from eproxy_engine.search.proxy_search.settings import DEFAULT, SETTINGS, ProxySearchSettings, settings

JUDGED = {"proxy": "proxy found", "best": "its best configuration alone", "default": "preset laptop"}


@click.command("dps")
@space_option
@task_option
@click.option(
    "--archs", "size", default=20, show_default=True, help="Number of architectures whose accuracy the search may use."
)
@click.option("--rule", default="random", show_default=True, help=f"{', '.join(RULES)} or the name of a marked subset.")
@click.option(
    "--archs-file", type=click.Path(dir_okay=False), help="File with one architecture per line, instead of a sample."
)
@click.option(
    "--seed", default=1, show_default=True, help="Seed of the sample, the search, the images and the evaluations."
)
@draw_option
@click.option(
    "--preset",
    "preset_name",
    default=DEFAULT,
    show_default=True,
    help=f"Settings to start from: {', '.join(SETTINGS)}. Options below override it.",
)
@setting_options(ProxySearchSettings, overriding=True)
@click.option(
    "--holdout", default=200, show_default=True, help="Number of other architectures that judge the proxy found."
)
@click.option("--out", type=click.Path(dir_okay=False), help="Write the proxy found to this YAML file.")
@images_option
@click.option("--queue", is_flag=True, help="Leave it to a worker (`work`) instead of running it here.")
@running_options
def command(
    space: str,
    task: str | None,
    size: int,
    rule: str,
    archs_file: str | None,
    seed: int,
    draw: int | None,
    preset_name: str,
    holdout: int,
    out: str | None,
    images: str,
    queue: bool,
    running: Running,
    changes: dict[str, Any],
) -> None:
    """Search for a proxy that ranks a few architectures, then judge it on architectures it has not seen."""
    drawn = sample(space, archs_file, rule, size, seed, draw)
    task_name = benchmarks.task(space, task).name
    given = replace(settings(preset_name), **changes)
    specification = ProxySearchSpecification(space, task_name, drawn, given, images, seed, holdout).checked()
    if out is not None and not Path(out).absolute().parent.is_dir():
        raise UserError(f"the file {out!r} cannot be written: its folder does not exist")
    specification = running.faster(specification)
    if queue:
        run = running.store.create(specification)
        print_json({"run": run.id}) if running.as_json else say(f"run {run.id}: queued")
        return
    run = running.carried_out(specification)
    if out is not None:
        write(out, found_yaml(run))
    show(run, running.store, running.as_json)


def found_yaml(run: Run) -> str:
    """The proxy that a run has found, as a YAML document that `evaluate --config` takes. Raises UserError."""
    proxy = proxy_in(run.result)
    if proxy is None:
        raise UserError(f"run {run.id} has found no proxy yet; accepted: a DPS run with at least one trial")
    return to_yaml(proxy)


def show(run: Run, store: Store, as_json: bool) -> None:
    """Print what a finished run has found."""
    found = run.result or {}
    if as_json:
        history = [
            {"cycle": place, "rho": trial["rho"], "config": trial["configuration"]}
            for place, trial in enumerate(store.history(run.id))
        ]
        print_json({"run": run.id, **_answer(found), "history": history})
        return
    print_table(
        [
            {"": title, **{name: interval(found["judged"][key], name) for name in ("rho", "tau", "top10")}}
            for key, title in JUDGED.items()
            if key in found.get("judged", {})
        ],
        title=f"{run.specification.title}: {found.get('n', 'none')} held-out architectures",
    )
    say(
        f"ρ on the sample {found['sample_rho']:.3f} (optimistic), {counted(found['trials'], 'trial')}, "
        f"{found['reused_trials']} without training, {found['cut_short']} cut short "
        f"({found['evaluations_saved']} evaluations saved), run {run.id}"
    )


def _answer(found: dict[str, Any]) -> dict[str, Any]:
    judged = found.get("judged", {})
    return {
        **found,
        "best_config": found["proxy"]["configuration"],
        "holdout": judged.get("proxy"),
    }
