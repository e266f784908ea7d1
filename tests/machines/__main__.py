"""``python -m tests.machines``: how far evaluations differ between instruction sets of this processor."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import click
import numpy as np

from eproxy_engine.statistics import spearman
from tests.machines.instruction_sets import INSTRUCTION_SETS, InstructionSet

ROOT = Path(__file__).parents[2]


class Scores(NamedTuple):
    """What one instruction set gives, an entry an architecture."""

    accuracy: np.ndarray
    first: np.ndarray
    """The loss before anything is trained."""
    last: np.ndarray
    score: np.ndarray


class Difference(NamedTuple):
    """Between two of them; losses relative, those of diverged trainings left out."""

    first_median: float
    first_most: float
    last_median: float
    last_most: float
    rho: float


def scores(given: InstructionSet, arguments: list[str]) -> Scores:
    """Of ``evaluate`` with these arguments, in processes that compute with that set."""
    with TemporaryDirectory() as folder:
        store = ["--store", f"{folder}/store.sqlite3"]
        command = [sys.executable, "-m", "eproxy_engine", "evaluate", "--json", "--device", "cpu", *store, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=given.environment, stdout=subprocess.PIPE, check=True, text=True)
    rows = json.loads(done.stdout)["rows"]
    return Scores(
        np.array([row["accuracy"] for row in rows]),
        np.array([row["losses"][0] for row in rows]),
        np.array([row["losses"][-1] for row in rows]),
        np.array([-np.inf if row["score"] is None else row["score"] for row in rows]),
    )


def difference(one: Scores, other: Scores) -> Difference:
    """Of two on the same architectures."""
    apart = [np.abs(a / b - 1) for a, b in ((one.first, other.first), (one.last, other.last))]
    shares = [share(each[np.isfinite(each)]) for each in apart for share in (np.median, np.max)]
    return Difference(*map(float, shares), spearman(one.score, other.score))


@click.command()
@click.option("--space", default="nasbench201", show_default=True)
@click.option("--sample", default=50, show_default=True, type=click.IntRange(2))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0))
@click.option("--width", default=8, show_default=True, type=click.IntRange(4))
@click.option("--set", "changes", multiple=True, metavar="KEY=VALUE", help="Of the preset laptop, as for `evaluate`.")
def command(space: str, sample: int, seed: int, width: int, changes: tuple[str, ...]) -> None:
    """How far first and last losses and rankings of a sample differ between instruction sets."""
    asked = {"--space": space, "--sample": sample, "--seed": seed, "--width": width}
    arguments = [str(part) for pair in asked.items() for part in pair]
    arguments += [part for change in changes for part in ("--set", change)]
    found = {name: scores(each, arguments) for name, each in INSTRUCTION_SETS.items() if each.available}
    click.echo(f"{space}, {sample} architectures, seed {seed}, width {width} {' '.join(changes)}".strip())
    for name, each in found.items():
        click.echo(f"{name:20} ρ with the accuracy {spearman(each.score, each.accuracy):.3f}")
    for one, other in combinations(found, 2):
        apart = difference(found[one], found[other])
        first = f"first loss median {apart.first_median:.1e}, most {apart.first_most:.1e}"
        last = f"last loss median {apart.last_median:.1e}, most {apart.last_most:.1e}"
        click.echo(f"{f'{one} and {other}':20} {first}; {last}; ρ between them {apart.rho:.4f}")


if __name__ == "__main__":
    command()
