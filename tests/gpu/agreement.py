"""``python -m tests.gpu.agreement --device cuda``: does a device compute what the CPU computes?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import click
import numpy as np

from eproxy_engine import spaces
from eproxy_engine.proxy import Evaluation
from eproxy_engine.proxy.together import evaluate_together
from eproxy_engine.scoring.computing import evaluate
from tests.machines.figures import FAMILIES, SMALL, figures

PROMISED = 5e-4
"""Relative difference of what is computed before the first update (docs/PERFORMANCE.md)."""
ILL_CONDITIONED = {"zico": 1e-2}
AFTER_UPDATES = {"ranked"}
"""Figures for which no difference is promised, as training multiplies it."""


@click.command()
@click.option("--device", default="cuda", show_default=True)
def command(device: str) -> None:
    """Print each figure of the device with its relative difference from the CPU's, and which differ too much."""
    rows = [*_kinds(figures("cpu"), figures(device)), *_every_space(device), *_stacked(device)]
    bad = [row["figure"] for row in rows if row["promised"] is not None and not row["difference"] <= row["promised"]]
    click.echo(json.dumps({"differ too much": bad, "figures": rows}))
    raise SystemExit(1 if bad else 0)


def _kinds(expected: dict[str, Any], found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for kind in ("first losses", "ranked", "proxies", "landscape"):
        pairs = expected[kind].items() if isinstance(expected[kind], dict) else [("all", expected[kind])]
        for name, values in pairs:
            there = found[kind][name] if isinstance(found[kind], dict) else found[kind]
            promised = None if kind in AFTER_UPDATES else ILL_CONDITIONED.get(name, PROMISED)
            yield _row(f"{kind}: {name}", values, there, promised)


def _every_space(device: str) -> Iterator[dict[str, Any]]:
    """First losses of two random architectures of each space, beyond those of each family."""
    for space in spaces.names():
        rng = np.random.default_rng(1)
        for number in range(2):
            text = str(spaces.get(space).sample(rng))
            one = Evaluation.of(space, text, SMALL, "noise", 1)
            values = (evaluate(one, where).values for where in ("cpu", device))
            yield _row(f"{space}: random {number + 1}", *map(_flat, values), PROMISED)


def _stacked(device: str) -> Iterator[dict[str, Any]]:
    """First losses of several configurations that are trained as one computation."""
    for space, text in FAMILIES.items():
        alone = [Evaluation.of(space, text, replace(SMALL, learning_rate=rate), "noise", 1) for rate in (0.01, 0.1, 1)]
        try:
            together = [outcome.values for outcome in evaluate_together(alone, device)]
        except RuntimeError as error:
            yield {"figure": f"stacked: {space}", "difference": float("nan"), "promised": None, "error": str(error)}
            continue
        expected = [_flat(evaluate(each, "cpu").values) for each in alone]
        yield _row(f"stacked: {space}", _flat(expected), _flat(map(_flat, together)), PROMISED)


def _flat(rows: Any) -> list[float]:
    return [value for row in rows for value in row]


def _row(figure: str, expected: Any, found: Any, promised: float | None) -> dict[str, Any]:
    """Say how far two lists of numbers differ, relative to the largest."""
    one, other = np.asarray(expected, dtype=float), np.asarray(found, dtype=float)
    apart = float(np.abs(one - other).max() / np.abs(one).max())
    return {"figure": figure, "difference": apart, "promised": promised}


if __name__ == "__main__":
    command()
