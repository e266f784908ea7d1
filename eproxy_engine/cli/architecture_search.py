"""``search``: look for the best architecture of a space, by its accuracies, by a proxy, or by both."""

from __future__ import annotations

from typing import Any

import click
from click.core import ParameterSource

from eproxy_engine import benchmarks
from eproxy_engine.cli.fields import setting_options
from eproxy_engine.cli.files import sample, with_width
from eproxy_engine.cli.options import (
    images_option,
    preset_option,
    set_option,
    space_option,
    task_option,
    width_option,
)
from eproxy_engine.cli.output import print_json, print_table, say
from eproxy_engine.cli.proxy import chosen, config_option, proxy_option
from eproxy_engine.cli.running import Running, running_options
from eproxy_engine.errors import UserError
from eproxy_engine.runs import ArchitectureSearchSpecification, Run, Store
from eproxy_engine.runs.kinds.architecture_search.specification import spent_by
from eproxy_engine.runs.kinds.proxy_search.plan import proxy_in
from eproxy_engine.sampling import RULES, Sample
from eproxy_engine.scoring import Proxy
from eproxy_engine.search.architecture_search.settings import ArchitectureSearchSettings

NAMING_A_PROXY = ("name", "preset_name", "config", "settings", "width", "proxy_search_run", "labels_from")
"""Options that say which proxy leads, or which labels."""


@click.command("search")
@space_option
@task_option
@setting_options(ArchitectureSearchSettings)
@click.option("--seed", default=1, show_default=True, help="Seed of the first search.")
@click.option(
    "--seeds",
    "seed_count",
    default=1,
    show_default=True,
    help="Number of searches, with consecutive seeds starting at --seed.",
)
@proxy_option
@preset_option
@config_option
@set_option
@width_option
@click.option(
    "--dps",
    "proxy_search_run",
    metavar="RUN",
    help="Use the proxy that this proxy search found, and its sample as --spent.",
)
@click.option("--proxy-seed", default=1, show_default=True, help="Seed of the proxy's images, weights and targets.")
@click.option("--spent", type=int, help="Number of measured architectures that designed the proxy: the first queries.")
@click.option(
    "--spent-rule", default="random", show_default=True, help=f"{', '.join(RULES)}, or a marked subset's name."
)
@click.option("--spent-draw", default=1, show_default=True, help="Seed of that sample.")
@click.option(
    "--spent-file", type=click.Path(dir_okay=False), help="File with these architectures, one per line, instead."
)
@images_option
@running_options
def command(
    space: str,
    task: str | None,
    changes: dict[str, Any],
    seed: int,
    seed_count: int,
    name: str | None,
    preset_name: str,
    config: str | None,
    settings: tuple[str, ...],
    width: str | None,
    proxy_search_run: str | None,
    proxy_seed: int,
    spent: int | None,
    spent_rule: str,
    spent_draw: int,
    spent_file: str | None,
    images: str,
    running: Running,
) -> None:
    """Look for the best architecture of a space, and count every accuracy that is asked for.

    Without --strategy, a search goes by accuracies alone (bayesian), or by a proxy (proxy-evolution) if one is named or
    no accuracy may be asked for.
    """
    task_name = benchmarks.task(space, task).name
    if not _given("strategy") and (
        any(map(_given, NAMING_A_PROXY)) or not changes["queries"] or benchmarks.known(space, task_name).empty
    ):
        changes["strategy"] = "proxy-evolution"
    given = ArchitectureSearchSettings(**changes)
    if proxy_search_run is None:
        proxy = chosen(name, preset_name, config, with_width(settings, width))
        before = sample(space, spent_file, spent_rule, spent or 0, spent_draw, None) if spent or spent_file else None
    elif name or config or settings or width or spent or spent_file:
        raise UserError(f"--dps {proxy_search_run} names proxy and sample; accepted: no other option that does")
    else:
        proxy, before = _designed(running.store.run(proxy_search_run), space, task_name)
    seeds = tuple(range(seed, seed + seed_count))
    specification = ArchitectureSearchSpecification(
        space, task_name, given, proxy, before, images, seeds, proxy_seed
    ).checked()
    show(running.carried_out(running.faster(specification)), running.store, running.as_json)


def _given(option: str) -> bool:
    """Return whether the command line says what an option is."""
    return click.get_current_context().get_parameter_source(option) is ParameterSource.COMMANDLINE


def _designed(run: Run, space: str, task: str) -> tuple[Proxy, Sample | None]:
    """The proxy that a run has found, and what it was designed on if that counts as queries here. Raises UserError."""
    found = proxy_in(run.result)
    if found is None:
        raise UserError(f"run {run.id} has found no proxy; accepted: a DPS run with at least one trial")
    return found, spent_by(run.specification, space, task)


def show(run: Run, store: Store, as_json: bool) -> None:
    """Print what a finished run has found."""
    found = run.result or {}
    if as_json:
        history = [{"arch": trial.pop("architecture"), "jumped": False, **trial} for trial in store.history(run.id)]
        print_json({"run": run.id, **found, "best": _named(found["best"]), "history": history})
        return
    print_table(
        [
            {
                "seed": each["seed"],
                "best found": each["best"] and each["best"]["architecture"],
                "accuracy": each["best"] and each["best"]["accuracy"],
                "queries": each["queries"],
                "scored": each["scored"],
                "jumps": each.get("jumps") or "",
                "to the optimum": each["queries_to_optimum"] or "",
            }
            for each in found["searches"]
        ],
        title=run.specification.title,
    )
    optimum = found["optimum"]
    known = f"{optimum['accuracy']:g} ({optimum['architecture']})" if optimum else "not known"
    say(
        f"accuracy {_mean(found['accuracy'])}, optimum {known}, queries to it {_mean(found['queries_to_optimum'])} "
        f"in {found['queries_to_optimum']['n']} of {found['queries_to_optimum']['of']} searches, run {run.id}"
    )


def _named(best: dict[str, Any] | None) -> dict[str, Any] | None:
    return best and {"arch": best["architecture"], "accuracy": best["accuracy"]}


def _mean(values: dict[str, Any]) -> str:
    if values["mean"] is None:
        return "unknown"
    error = values["standard_error"]
    return f"{values['mean']:.2f}" + ("" if error is None else f" ± {error:.2f}")
