"""The runs that ship with the lesson, put together from stores that have their evaluations.

``python -m docs.lesson [--sample N] STORE…`` writes each file of ``assets/lesson`` of which the stores have all
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
from eproxy_engine.proxy.evaluation import NATIVE
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
    return EvaluationSpecification("nasbench101", TASK, sample, proxy, arithmetic=NATIVE)


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
    return ComparisonSpecification("nasbench101", TASK, sample, proxies, arithmetic=NATIVE)


def elsewhere(space: str, sample: Sample) -> ComparisonSpecification:
    """Narrow networks with the paper's target and with waves."""
    proxies = tuple(
        NamedProxy(
            f"{name}_{NARROW}_{'with' if barrier else 'without'}",
            replace(preset(name), width=NARROW, barrier=barrier),
        )
        for name in ("laptop", "paper")
        for barrier in (True, False)
    )
    return ComparisonSpecification(space, TASK, sample, proxies, arithmetic=NATIVE)


def found_in(stores: list[Store], wanted: list[Evaluation]) -> dict[str, Outcome]:
    """Return what any of the stores has, by key."""
    return {key: outcome for store in stores for key, outcome in store.outcomes(wanted).items()}


def written(name: str, given: Specification, stores: list[Store]) -> bool:
    """Write the file of a run if all its evaluations are there."""
    wanted = list(kind_of(given).cost(given).evaluations)
    outcomes = found_in(stores, wanted)
    missing = len({each.key for each in wanted}) - len(outcomes)
    if missing:
        click.echo(f"{name}: {missing} of {len(wanted)} evaluations are missing: {command(given)}")
        return False
    with TemporaryDirectory() as folder, closing(Store(Path(folder) / "store.sqlite3")) as scratch:
        for each in wanted:
            scratch.put(each, outcomes[each.key])
        run = scratch.create(given, status="paused")
        content = archive.pack(scratch, run.id)
    (FOLDER / f"{name}.json.gz").write_bytes(content)
    click.echo(f"{name}: {len(wanted)} evaluations, {len(content):,} bytes")
    return True


@click.command()
@click.argument("stores", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
@click.option("--sample", "count", default=200, show_default=True, help="First architectures of the sample of seed 1.")
def main(stores: tuple[str, ...], count: int) -> None:
    """Write the files."""
    opened, sample = [Store(path) for path in stores], Sample("random", count, 1)
    for barrier in (True, False):
        written(f"barrier-{'on' if barrier else 'off'}", wide(sample, barrier), opened)
    if not written("table-1", table_1(sample, WIDE, RATES), opened):
        written("table-1", table_1(sample, NARROW, RATES), opened)
    for space in ("nasbench101", "nasbench201"):
        written(f"when-{space}", elsewhere(space, sample), opened)


if __name__ == "__main__":
    main()
