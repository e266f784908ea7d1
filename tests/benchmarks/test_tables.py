"""The shipped tables, samples of them, and the converter that makes them."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from eproxy_engine import benchmarks, spaces
from eproxy_engine.benchmarks import RULES, Sample, convert
from eproxy_engine.benchmarks.table import TABLES_FOLDER
from eproxy_engine.errors import UserError

TWENTY = "paper-dps-20"
CASES = [("nasbench101", "cifar10"), ("nasbench101", "imagenet"), ("nasbench201", "cifar100")]
every_case = pytest.mark.parametrize(("space", "task"), CASES)


# the tables


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
    texts = table["architecture"].sample(300, random_state=1)
    assert [text for text in texts if str(space.parse(text)) != text] == []
    assert table[["architecture", "parameters", "flops"]].notna().all(axis=None)
    assert (table["parameters"] > 0).all()
    assert table["flops"].between(1, space.largest_flops).all()
    accuracies = table.select_dtypes("float")
    assert set(accuracies) >= {task.name for task in space.tasks}
    assert {column.partition("@")[0] for column in accuracies} == {task.name for task in space.tasks}
    assert accuracies.notna().any(axis=1).all()
    assert (accuracies.isna() | ((accuracies > 0) & (accuracies < 100))).all(axis=None)
    assert (accuracies.max() > 20).all()  # per cent, not fractions


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
    assert "cifar10, imagenet, cifar10-valid" in str(caught.value)
    assert "@4," not in str(caught.value)


def test_an_unknown_table_lists_the_known() -> None:
    with pytest.raises(UserError, match=r"'nowhere'.*nasbench101, nasbench201"):
        benchmarks.load("nowhere")


# samples of them


@every_case
@pytest.mark.parametrize("seed", [0, 1, 7])
def test_random_samples_are_nested_and_repeatable(space: str, task: str, seed: int) -> None:
    larger = Sample(size=100, seed=seed).draw(space, task)
    assert larger.equals(Sample(size=100, seed=seed).draw(space, task))
    assert larger[:30].equals(Sample(size=30, seed=seed).draw(space, task))
    assert larger["architecture"].is_unique
    other = Sample(size=100, seed=seed + 1).draw(space, task)
    assert set(other["architecture"]) != set(larger["architecture"])


def test_random_samples_look_like_the_whole_table() -> None:
    rows = benchmarks.known("nasbench201", "cifar100")["accuracy"]
    drawn = Sample(size=1000).draw("nasbench201", "cifar100")["accuracy"]
    assert abs(drawn.mean() - rows.mean()) < 4 * rows.std() / 1000**0.5


@pytest.mark.parametrize("rule", ["random", "best", "worst", "spread"])
def test_a_marked_subset_is_never_drawn_with_the_others(rule: str) -> None:
    twenty = set(Sample(rule=TWENTY).draw("nasbench101", "cifar10")["architecture"])
    everything_else = Sample(rule=rule, size=2500).draw("nasbench101", "cifar10")
    assert len(twenty) == 20
    assert everything_else["architecture"].nunique() == 2500
    assert not twenty & set(everything_else["architecture"])


@every_case
def test_best_and_worst_are_the_ends_of_the_ranking(space: str, task: str) -> None:
    rows = benchmarks.known(space, task)
    ranking = np.sort(rows[~rows.filter(like="in:").any(axis=1)]["accuracy"])
    assert Sample(rule="best", size=25).draw(space, task)["accuracy"].tolist() == ranking[::-1][:25].tolist()
    assert Sample(rule="worst", size=25).draw(space, task)["accuracy"].tolist() == ranking[:25].tolist()


@every_case
@pytest.mark.parametrize("size", [2, 7, 100, 480])
def test_spread_goes_evenly_from_worst_to_best(space: str, task: str, size: int) -> None:
    total = len(benchmarks.known(space, task)) - (20 if task == "cifar10" else 0)
    ranking = Sample(rule="worst", size=total).draw(space, task)["architecture"].tolist()
    spread = Sample(rule="spread", size=size).draw(space, task)["architecture"]
    places = [ranking.index(architecture) for architecture in spread]
    assert (places[0], places[-1]) == (0, total - 1)
    assert np.ptp(np.diff(places)) <= 1
    assert min(np.diff(places)) >= 1


def test_picked_keeps_the_order_given() -> None:
    rows = benchmarks.known("nasbench101", "cifar10").set_index("architecture")
    twenty = rows.index[rows[f"in:{TWENTY}"]]
    picked = (rows.index[5], rows.index[2], twenty[0], rows.index[9])
    drawn = Sample(rule="picked", picked=picked).draw("nasbench101", "cifar10")
    assert tuple(drawn["architecture"]) == picked
    assert drawn["accuracy"].tolist() == rows.loc[list(picked), "accuracy"].tolist()
    twice = Sample(rule="picked", picked=(*picked, picked[0])).draw("nasbench101", "cifar10")
    assert tuple(twice["architecture"]) == picked


def test_picked_refuses_what_is_not_known_on_the_task() -> None:
    table = benchmarks.load("nasbench101")
    elsewhere = table.loc[table["imagenet"].isna(), "architecture"].iloc[0]
    with pytest.raises(UserError) as caught:
        Sample(rule="picked", picked=(elsewhere,)).draw("nasbench101", "imagenet")
    assert repr(elsewhere) in str(caught.value)
    assert "imagenet" in str(caught.value)
    with pytest.raises(UserError, match="'nonsense'"):
        Sample(rule="picked", picked=("nonsense",)).draw("nasbench101", "imagenet")
    with pytest.raises(UserError, match="no architecture is picked"):
        Sample(rule="picked").draw("nasbench101", "imagenet")


def test_a_subset_by_name_is_drawn_whole() -> None:
    drawn = Sample(rule=TWENTY, size=3).draw("nasbench101", "cifar10")
    assert len(drawn) == 20
    assert drawn[f"in:{TWENTY}"].all()


@pytest.mark.parametrize(
    ("space", "task", "most"),
    [("nasbench101", "cifar10", 2500), ("nasbench101", "imagenet", 500), ("nasbench201", "cifar10", 15_625)],
)
def test_a_size_outside_the_table_is_refused_with_its_size(space: str, task: str, most: int) -> None:
    for rule in ("random", "best", "worst", "spread"):
        assert len(Sample(rule=rule, size=most).draw(space, task)) == most
        for size in (most + 1, 0, -1):
            with pytest.raises(UserError, match=rf"sample of {size} .* 1 to {most}\b"):
                Sample(rule=rule, size=size).draw(space, task)


def test_an_unknown_rule_lists_the_known() -> None:
    with pytest.raises(UserError, match="'astrology'") as caught:
        Sample(rule="astrology").draw("nasbench101", "cifar10")
    assert all(rule in str(caught.value) for rule in RULES)
    with pytest.raises(UserError, match=f"'{TWENTY}'"):
        Sample(rule=TWENTY).draw("nasbench201", "cifar10")


def test_a_sample_leaves_the_table_as_it_was() -> None:
    before = benchmarks.load("nasbench101").copy()
    for rule in ("random", "best", "spread", TWENTY):
        drawn = Sample(rule=rule, size=10).draw("nasbench101", "cifar10")
        drawn["accuracy"] = 0
    assert benchmarks.load("nasbench101").equals(before)


# the converter


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of raw files as their benchmarks publish them, two or three rows each."""
    monkeypatch.setattr(convert, "ProcessPoolExecutor", ThreadPoolExecutor)
    (tmp_path / "nasbench201.csv").write_text(
        "idx,arch_str,ops,params_M,flops_M,c10valid_val,c10valid_test,c10_test,c10_test_nseeds,c100_val,c100_test,"
        "in16_val,in16_test,e12_c10valid_val,e12_c10_test,e12_c100_val,e12_c100_test,e12_in16_val,e12_in16_test\n"
        "0,|skip_connect~0|+|nor_conv_1x1~0|skip_connect~1|+|none~0|none~1|avg_pool_3x3~2|,121014,9,9,"
        "1.00001,2,3,1,4,5,6,7,8,9,10,11,12,13\n"
        "1,|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|,000300,9,9,"
        "21.5,22.5,23.5,1,24.5,25.5,26.5,27.5,28.5,29.5,30.5,31.5,32.5,33.5\n"
    )
    (tmp_path / "nasbench101_30k.csv").write_text(
        "hash,n_vertices,adj_upper,ops,val_acc_e4,val_acc_e12,val_acc_e36,val_acc_e108,params,train_time_108_s\n"
        "a,3,101,0,0.1,0.2,0.3,0.412346,1,1\n"
        "b,2,1,,0.5,0.6,0.7,0.8,1,1\n"
        "c,4,100101,12,0.15,0.25,0.35,0.45,1,1\n"
    )
    lists = tmp_path / "nasbench101"
    lists.mkdir()
    chain = [[[0, 1, 0], [0, 0, 1], [0, 0, 0]], ["input", "conv3x3-bn-relu", "output"]]
    # the second vertex leads nowhere, so this is the chain of one 1x1 convolution
    matrix = [[0, 1, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0]]
    padded = [matrix, ["input", "conv1x1-bn-relu", "maxpool3x3", "output"]]
    pool = [[[0, 1, 0], [0, 0, 1], [0, 0, 0]], ["input", "maxpool3x3", "output"]]
    (lists / "paper_2500.json").write_text(json.dumps([[chain, 0.9], [padded, 0.8]]))
    (lists / "paper_dps_20.json").write_text(json.dumps([[pool, 0.7]]))
    (lists / "imagenet_500.json").write_text(json.dumps([[chain, 70.5], [pool, 60.25]]))
    return tmp_path


def test_converter_of_nasbench201(raw: Path) -> None:
    table = convert.nasbench201(raw).set_index("architecture")
    assert table.index.tolist() == sorted(table.index)
    first = table.loc["|skip_connect~0|+|nor_conv_1x1~0|skip_connect~1|+|none~0|none~1|avg_pool_3x3~2|"]
    assert first["parameters"] == 73_306 + 28_000
    figures = {
        "cifar10": 1.0,  # rounded to four decimals
        "cifar10-valid-test": 2,
        "cifar10-test": 3,
        "cifar100": 4,
        "cifar100-test": 5,
        "imagenet16-120": 6,
        "imagenet16-120-test": 7,
        "cifar10@12": 8,
        "cifar10-test@12": 9,
        "cifar100@12": 10,
        "cifar100-test@12": 11,
        "imagenet16-120@12": 12,
        "imagenet16-120-test@12": 13,
    }
    assert first[list(figures)].to_dict() == figures
    assert set(table) == {"parameters", "flops", *figures}
    second = table.loc["|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|"]
    assert (second["parameters"], second["cifar10"]) == (73_306 + 243_040, 21.5)


def test_converter_of_nasbench101(raw: Path) -> None:
    table = convert.nasbench101(raw).set_index("architecture")
    tasks = ["cifar10", "imagenet", "cifar10-valid", "cifar10-valid@4", "cifar10-valid@12", "cifar10-valid@36"]
    nan = float("nan")
    expected = {
        "101:conv3x3": [90, 70.5, 41.2346, 10, 20, 30],
        "101:conv1x1": [80, nan, nan, nan, nan, nan],
        "101:maxpool3x3": [70, 60.25, nan, nan, nan, nan],
        "1:": [nan, nan, 80, 50, 60, 70],
        "100101:conv1x1,maxpool3x3": [nan, nan, 45, 15, 25, 35],
    }
    assert sorted(table.index) == sorted(expected)
    for architecture, figures in expected.items():
        np.testing.assert_allclose(table.loc[architecture, tasks].astype(float), figures, rtol=1e-6)
    assert table.index[table[f"in:{TWENTY}"]].tolist() == ["101:maxpool3x3"]
    assert table[f"in:{TWENTY}"].dtype == bool


def test_converter_makes_what_is_shipped(raw: Path) -> None:
    for convert_raw in (convert.nasbench101, convert.nasbench201):
        shipped = pd.read_parquet(TABLES_FOLDER / f"{convert_raw.__name__}.parquet")
        table = convert_raw(raw)
        assert table.dtypes.to_dict() == shipped.dtypes.to_dict()
        figures = ["architecture", "parameters", "flops"]
        both = table[figures].merge(shipped[figures], on="architecture", suffixes=("", " shipped"))
        assert len(both) >= 1
        assert both["parameters"].tolist() == both["parameters shipped"].tolist()
        assert both["flops"].tolist() == both["flops shipped"].tolist()
