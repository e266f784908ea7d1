"""The runs that ship with the lesson, put together from stores that have their evaluations.

``python -m docs.lesson STORE…`` writes each file of ``assets/lesson`` of which the stores have all
evaluations, and says what is missing for the others. What has to be computed before, with ``EPROXY_HOME`` set to the
folder of a store, is in the commands that it names.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from eproxy_engine.installation import ASSETS
from eproxy_engine.proxy import Evaluation, Outcome, preset
from eproxy_engine.proxy.evaluation import NATIVE, TORCH
from eproxy_engine.runs import ComparisonSpecification, EvaluationSpecification, Specification, Store, archive
from eproxy_engine.runs.command_line import command
from eproxy_engine.runs.kinds.registry import kind_of
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring.named import NamedProxy

FOLDER = ASSETS / "lesson"
WIDE, NARROW = 64, 16
RATES = (1.0, 0.1, 0.01)
TASK = "cifar10"


def wide(sample: Sample, barrier: bool) -> EvaluationSpecification:
    """The lesson's own run: the paper's proxy on wide networks."""
    proxy = replace(preset("paper"), width=WIDE, barrier=barrier)
    return EvaluationSpecification("nasbench101", TASK, sample, proxy)


def table_1(sample: Sample, width: int, rates: Iterable[float]) -> ComparisonSpecification:
    """Table 1 of the paper at some learning rates."""
    proxies = tuple(
        NamedProxy(
            f"barrier_{'on' if barrier else 'off'}_lr_{rate:g}",
            replace(preset("paper"), width=width, barrier=barrier, learning_rate=rate),
        )
        for barrier in (True, False)
        for rate in rates
    )
    return ComparisonSpecification("nasbench101", TASK, sample, proxies)


def elsewhere(name: str, space: str, sample: Sample) -> ComparisonSpecification:
    """A preset on narrow networks, with and without the barrier."""
    proxies = tuple(
        NamedProxy(f"{name}_{'with' if barrier else 'without'}", replace(preset(name), width=NARROW, barrier=barrier))
        for barrier in (True, False)
    )
    return ComparisonSpecification(space, TASK, sample, proxies)


def found_in(stores: list[Store], wanted: list[Evaluation]) -> dict[str, Outcome]:
    """Return what any of the stores has, by key."""
    return {key: outcome for store in stores for key, outcome in store.outcomes(wanted).items()}


def written(name: str, given: Specification, stores: list[Store]) -> bool:
    """Write the file of a run if all its evaluations are there, by kernels or else by torch."""
    sides = [given.computed_by(arithmetic) for arithmetic in (NATIVE, TORCH)]
    wanted = [list(kind_of(side).cost(side).evaluations) for side in sides]
    found = [found_in(stores, each) for each in wanted]
    missing = [len({each.key for each in every}) - len(outcomes) for every, outcomes in zip(wanted, found, strict=True)]
    if min(missing):
        click.echo(f"{name}: {min(missing)} of {len(wanted[0])} evaluations are missing: {command(given)}")
        return False
    whole = missing.index(0)
    with TemporaryDirectory() as folder, closing(Store(Path(folder) / "store.sqlite3")) as scratch:
        for each in wanted[whole]:
            scratch.put(each, found[whole][each.key])
        run = scratch.create(sides[whole], status="paused")
        content = archive.pack(scratch, run.id)
    (FOLDER / f"{name}.json.gz").write_bytes(content)
    click.echo(f"{name}: {len(found[whole])} evaluations by {sides[whole].arithmetic}, {len(content):,} bytes")
    return True


@click.command()
@click.argument("stores", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
@click.option("--sample", "count", default=200, show_default=True, help="First architectures of the sample of seed 1.")
@click.option("--rates", "of_rates", default=200, show_default=True, help="The same of Table 1 on narrow networks.")
def main(stores: tuple[str, ...], count: int, of_rates: int) -> None:
    """Write the files."""
    opened, sample = [Store(path) for path in stores], Sample("random", count, 1)
    for barrier in (True, False):
        written(f"barrier-{'on' if barrier else 'off'}", wide(sample, barrier), opened)
    if not written("table-1", table_1(sample, WIDE, RATES), opened):
        written("table-1", table_1(Sample("random", of_rates, 1), NARROW, RATES), opened)
    written("when-narrow", elsewhere("paper", "nasbench101", sample), opened)
    for space in ("nasbench101", "nasbench201"):
        written(f"when-waves-{space}", elsewhere("laptop", space, sample), opened)


if __name__ == "__main__":
    main()
