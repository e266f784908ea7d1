"""The run that measures each published cell, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass, replace

from eproxy_engine import spaces
from eproxy_engine.proxy import preset
from eproxy_engine.runs import ComparisonSpecification, EvaluationSpecification, ProxySearchSpecification, Specification
from eproxy_engine.sampling import DEFAULT_SIZE, Sample, drawable
from eproxy_engine.scoreboard import learned
from eproxy_engine.scoreboard.published import AVERAGE, LEARNED, Cell, tables
from eproxy_engine.scoring.named import NamedProxy, named

SEED = 1
SEARCHED = 20
"""Number of architectures whose accuracy the paper's searches know."""
PAPERS_TWENTY = ("nasbench101", "paper-dps-20")
"""The space for which the paper's own twenty are known, and the name of that subset."""

PROXIES = {
    "Grad norm": "grad_norm",
    "Snip": "snip",
    "Grasp": "grasp",
    "Fisher": "fisher",
    "Synflow": "synflow",
    "NASWOT": "naswot",
    "Eproxy": "eproxy_laptop",
}
NO_EARLY_STOPPING = "Not possible here: the tables have no early-stopped accuracies of TransNAS-Bench-101."
SEARCH, EARLY_STOPPING, FULL_TRAINING = "Eproxy+DPS", "ES", "Cls-C full training"

_NDS = {
    "DARTS": "darts",
    "DARTS-f": "darts-fix-w-d",
    "AMB": "amoeba",
    "ENAS": "enas",
    "ENAS-f": "enas-fix-w-d",
    "NASNet": "nasnet",
    "PNAS": "pnas",
    "PNAS-f": "pnas-fix-w-d",
    "Res": "resnet",
    "ResX-A": "resnext-a",
    "ResX-B": "resnext-b",
}
_TRANSNAS = {
    "Cls. Scene": "class_scene",
    "Cls. Obj.": "class_object",
    "Room Layout": "room_layout",
    "Jigsaw": "jigsaw",
    "Seg.": "segmentsemantic",
    "Normal": "normal",
    "AE": "autoencoder",
}


@dataclass(frozen=True)
class Recipe:
    """How to measure a cell; without specification and trained task it is an average, or not possible."""

    space: str
    task: str
    specification: Specification | None = None
    """Specification of a run for this cell alone."""
    proxy: NamedProxy | None = None
    """The proxy that is judged; None if a search has to find it first."""
    trained_task: str | None = None
    """The task whose accuracies are the scores; they are read from the table, without a run."""
    why_not: str = ""
    """Why the cell cannot be measured, in a sentence."""


def place(cell: Cell) -> tuple[str, str]:
    """Return the space and task of a cell; empty texts for an average."""
    if cell.column == AVERAGE:
        return "", ""
    if cell.table in (1, 2):
        return "nasbench101", "cifar10"
    if cell.table == 3:
        task = cell.part.replace("-", "").lower()
        return f"nds-{task}-{_NDS[cell.column]}", task
    return ("transnas101-micro", _TRANSNAS[cell.column]) if cell.table == 4 else ("nasbench-mr", cell.column.lower())


def recipe(cell: Cell) -> Recipe:
    """Return the recipe of a cell: n = 200 or as many as are measured, seed 1."""
    space, task = place(cell)
    if cell.row == EARLY_STOPPING:
        return Recipe(space, task, why_not=NO_EARLY_STOPPING)
    if not space:
        return Recipe(space, task)
    if cell.row == FULL_TRAINING:
        return Recipe(space, task, trained_task="cls-c")
    measured = drawable(space, task)
    if not measured:
        hint = spaces.get(space).ground_truth_hint
        return Recipe(space, task, why_not=f"No accuracies of this space are included. {hint}")
    if cell.row == LEARNED:
        return Recipe(space, task, learned.specification(space, task))
    if cell.row == SEARCH:
        return Recipe(space, task, search(space, task))
    sample = Sample("random", min(DEFAULT_SIZE, measured), SEED)
    if cell.table == 1:
        proxy = _losses(cell)
        return Recipe(space, task, EvaluationSpecification(space, task, sample, proxy.proxy, seed=SEED), proxy)
    proxy = named(PROXIES[cell.row])
    return Recipe(space, task, ComparisonSpecification(space, task, sample, (proxy,), seeds=(SEED,)), proxy)


def search(space: str, task: str) -> ProxySearchSpecification:
    """Specify a Discrete Proxy Search with default settings on twenty architectures: the paper's where known."""
    held_out = drawable(space, task)
    if (space, task) == (PAPERS_TWENTY[0], "cifar10"):
        sample = Sample(PAPERS_TWENTY[1], SEARCHED, SEED)
    else:
        sample, held_out = Sample("random", SEARCHED, SEED), held_out - SEARCHED
    return ProxySearchSpecification(space, task, sample, seed=SEED, held_out=min(DEFAULT_SIZE, held_out))


def _losses(cell: Cell) -> NamedProxy:
    """Return a configuration of Table 1: the preset ``paper`` at a width that a laptop affords."""
    barrier, rate = cell.column.split(", lr ")
    configuration = replace(
        preset("paper"),
        barrier=barrier == "barrier",
        learning_rate=float(rate),
        iterations=int(cell.row.split()[0]),
        width="small",
    )
    return NamedProxy(f"paper, {cell.column}, {cell.row}", configuration)


PLACES = frozenset(place(cell) for table in tables() for cell in table.cells)
"""Spaces and tasks of all cells."""
