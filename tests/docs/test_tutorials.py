"""The tutorials' notebooks hold the cells of their plain Python, and these run, on budgets of a few networks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from docs.notebooks import TUTORIALS, Cell, cells, executed
from eproxy_engine.spaces.plugins import VARIABLE
from tests.registry import ROOT, fresh_registry

__all__ = ["fresh_registry"]
NAMES = sorted(source.stem for source in TUTORIALS.glob("*.py"))


def tutorial(name: str) -> list[Cell]:
    return cells(TUTORIALS / f"{name}.py")


def test_there_are_three() -> None:
    assert NAMES == ["barrier_effect", "measure_next", "rank_by_twenty_labels"]


@pytest.mark.parametrize("name", NAMES)
def test_the_notebook_holds_the_cells_and_what_they_gave(name: str) -> None:
    written = json.loads((TUTORIALS / f"{name}.ipynb").read_text("utf-8"))["cells"]
    assert [("".join(cell["source"]), cell["cell_type"] == "markdown") for cell in written] == [
        (cell.source, cell.markdown) for cell in tutorial(name)
    ]
    outputs = [output for cell in written for output in cell.get("outputs", ())]
    assert {output["output_type"] for output in outputs} == {"stream", "display_data"}
    assert any("image/png" in output.get("data", ()) for output in outputs)


def run(name: str, **budgets: Any) -> tuple[str, list[Any]]:
    """What all cells of a tutorial print, and the values that they show."""
    done = list(executed(tutorial(name), budgets))
    return "".join(printed for _, printed, _ in done), [value for _, _, value in done if value is not None]


def test_rank_by_twenty_labels_runs() -> None:
    printed, (models, figure, curve, _, following) = run("rank_by_twenty_labels", CANDIDATES=40, DRAWS=1)
    assert "by 20 labels, n = 20, 1 draw" in printed
    assert {"gp", "best", "prior", "FLOPs"} <= set(models.index)
    assert [trace.name for trace in figure.data] == ["predicted", "labelled"]
    assert 20 in curve["labels"].tolist()
    assert len(following) == 3


@pytest.mark.usefixtures("fresh_registry")
def test_measure_next_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv(VARIABLE, "")  # the notebook sets it; it is to be what it was afterwards
    printed, (history, _) = run("measure_next", FIRST=4, BATCH=2, ROUNDS=1, PANEL="instant")
    assert history["trained"].tolist() == [4, 6]
    assert "best of the 6 trained" in printed
    assert "best of all 60: 60.30%" in printed


def test_barrier_effect_runs() -> None:
    printed, (_, _, losses, table) = run("barrier_effect", NETWORKS=2, WIDTH=4, RATES=(1.0,), WORKERS=1)
    assert "with the barrier:" in printed
    assert losses.columns.get_level_values(0).tolist() == ["with barrier"] * 2 + ["without"] * 2
    assert len(losses) == 10
    assert table.columns.tolist() == [1.0]
