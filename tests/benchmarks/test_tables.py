"""The shipped tables."""

from pathlib import Path

import pandas as pd
import pytest

from eproxy_engine import benchmarks, spaces
from eproxy_engine.benchmarks.counts import COUNTS
from eproxy_engine.benchmarks.table import LARGEST_PLAIN, TABLES_FOLDER
from eproxy_engine.errors import UserError
from eproxy_engine.sampling import Sample

TWENTY = "paper-dps-20"


@pytest.mark.parametrize(
    ("space", "task", "rows"),
    [("nasbench101", "cifar10", 2520), ("nasbench101", "cifar10-valid", 30_001), ("nasbench101", "imagenet", 500)]
    + [("nasbench201", task.name, 15_625) for task in spaces.get("nasbench201").tasks],
)
def test_number_of_known_accuracies(space: str, task: str, rows: int) -> None:
    assert len(benchmarks.known(space, task)) == rows


def test_the_paper_s_twenty_stand_beside_its_2500() -> None:
    rows = benchmarks.known("nasbench101", "cifar10")
    assert benchmarks.subsets("nasbench101") == [TWENTY]
    assert rows[f"in:{TWENTY}"].sum() == 20
    assert len(Sample(size=2500).draw("nasbench101", "cifar10")) == 2500
    assert benchmarks.subsets("nasbench201") == []


@pytest.mark.parametrize(("task", "best"), [("cifar10", 91.61), ("cifar100", 73.49), ("imagenet16-120", 46.73)])
def test_best_validation_accuracies_of_nasbench201(task: str, best: float) -> None:
    assert round(float(benchmarks.known("nasbench201", task)["accuracy"].max()), 2) == best


def test_the_two_trainings_of_cifar10_are_not_mixed() -> None:
    assert round(float(benchmarks.known("nasbench201", "cifar10-test")["accuracy"].max()), 2) == 94.37
    table = benchmarks.load("nasbench201")
    assert (table["cifar10-test"] - table["cifar10-valid-test"]).median() > 1


def test_tables_are_small() -> None:
    assert sum(path.stat().st_size for path in TABLES_FOLDER.iterdir()) < 6_000_000


@pytest.mark.parametrize("path", sorted(TABLES_FOLDER.glob("*.parquet")), ids=lambda path: path.stem)
def test_table_holds_canonical_architectures_once_and_plausible_figures(path: Path) -> None:
    table, space = pd.read_parquet(path), spaces.get(path.stem)
    assert table["architecture"].is_unique
    texts = table["architecture"].sample(min(300, len(table)), random_state=1)
    assert [text for text in texts if str(space.parse(text)) != text] == []
    assert table[["architecture", *COUNTS]].notna().all(axis=None)
    assert (table[["parameters", "activations"]] > 0).all(axis=None)
    assert table["flops"].between(1, space.largest_flops).all()
    accuracies = table.select_dtypes("float")
    assert set(accuracies) >= {task.name for task in space.tasks}
    assert {column.partition("@")[0] for column in accuracies} == {task.name for task in space.tasks}
    assert accuracies.notna().any(axis=1).all()
    units = {task.name: task.unit for task in space.tasks}
    for column, values in accuracies.items():
        if units[str(column).partition("@")[0]] == "%":
            assert values.dropna().between(0, 100, inclusive="left").all(), column
            assert values.max() > 15, column  # per cent, not fractions
        else:
            assert values.abs().max() < LARGEST_PLAIN, column


@pytest.mark.parametrize(
    ("space", "task", "epochs"),
    [
        ("nasbench101", "cifar10-valid", [4, 12, 36]),
        ("nasbench201", "cifar10", [12]),
        ("nasbench201", "cifar10-test", [12]),
    ],
)
def test_early_stopping_accuracies_stand_beside_the_final_ones(space: str, task: str, epochs: list[int]) -> None:
    rows = benchmarks.known(space, task)
    assert [c for c in rows if "@" in c] == [f"accuracy@{n}" for n in epochs]
    original = benchmarks.load(space).set_index("architecture").loc[rows["architecture"]]
    for n in epochs:
        assert rows[f"accuracy@{n}"].tolist() == original[f"{task}@{n}"].tolist()
        assert rows[f"accuracy@{n}"].mean() < rows["accuracy"].mean()


def test_a_task_s_early_stopping_is_not_taken_for_that_of_a_longer_name() -> None:
    assert not [c for c in benchmarks.known("nasbench101", "cifar10") if "@" in c]
    assert not [c for c in benchmarks.known("nasbench201", "cifar10-valid-test") if "@" in c]


@pytest.mark.parametrize("task", ["weather", "", "architecture", "parameters", "in:paper-dps-20", "cifar10-valid@4"])
def test_an_unknown_task_lists_the_known(task: str) -> None:
    with pytest.raises(UserError) as caught:
        benchmarks.known("nasbench101", task)
    assert repr(task) in str(caught.value)
    assert "cifar10, cifar10-valid, imagenet" in str(caught.value)
    assert "@4," not in str(caught.value)


def test_a_space_without_table_has_no_rows_and_the_columns_of_one() -> None:
    assert benchmarks.load("nowhere").columns.tolist() == ["architecture", "parameters", "flops", "activations"]
    assert benchmarks.load("nowhere").empty
    with pytest.raises(UserError, match=r"'nowhere'.*nasbench101, nasbench201"):
        benchmarks.known("nowhere", "cifar10")
