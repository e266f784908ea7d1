"""The converter that makes the shipped tables."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from eproxy_engine.benchmarks.convert import complexity
from eproxy_engine.benchmarks.convert.__main__ import CONVERTERS
from eproxy_engine.benchmarks.table import TABLES_FOLDER

TWENTY = "paper-dps-20"


def converted(space: str, raw: Path) -> pd.DataFrame:
    return complexity.with_complexity(space, CONVERTERS[space](raw))


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of raw files as their benchmarks publish them, two or three rows each."""
    monkeypatch.setattr(complexity, "ProcessPoolExecutor", ThreadPoolExecutor)
    (tmp_path / "nasbench201.csv").write_text(
        "idx,arch_str,ops,params_M,flops_M,c10valid_val,c10valid_test,c10_test,c10_test_nseeds,c100_val,c100_test,"
        "in16_val,in16_test,e12_c10valid_val,e12_c10_test,e12_c100_val,e12_c100_test,e12_in16_val,e12_in16_test\n"
        "0,|skip_connect~0|+|nor_conv_1x1~0|skip_connect~1|+|none~0|none~1|avg_pool_3x3~2|,121014,9,9,"
        "1.00001,2,3,1,4,5,6,7,8,9,10,11,12,13\n"
        "1,|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|,000300,9,9,"
        "21.5,22.5,23.5,1,24.5,25.5,26.5,27.5,28.5,29.5,30.5,31.5,32.5,33.5\n",
        "utf-8",
    )
    (tmp_path / "nasbench101_30k.csv").write_text(
        "hash,n_vertices,adj_upper,ops,val_acc_e4,val_acc_e12,val_acc_e36,val_acc_e108,params,train_time_108_s\n"
        "a,3,101,0,0.1,0.2,0.3,0.412346,1,1\n"
        "b,2,1,,0.5,0.6,0.7,0.8,1,1\n"
        "c,4,100101,12,0.15,0.25,0.35,0.45,1,1\n",
        "utf-8",
    )
    lists = tmp_path / "nasbench101"
    lists.mkdir()
    chain = [[[0, 1, 0], [0, 0, 1], [0, 0, 0]], ["input", "conv3x3-bn-relu", "output"]]
    # the second vertex leads nowhere, so this is the chain of one 1x1 convolution
    matrix = [[0, 1, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0]]
    padded = [matrix, ["input", "conv1x1-bn-relu", "maxpool3x3", "output"]]
    pool = [[[0, 1, 0], [0, 0, 1], [0, 0, 0]], ["input", "maxpool3x3", "output"]]
    (lists / "paper_2500.json").write_text(json.dumps([[chain, 0.9], [padded, 0.8]]), "utf-8")
    (lists / "paper_dps_20.json").write_text(json.dumps([[pool, 0.7]]), "utf-8")
    (lists / "imagenet_500.json").write_text(json.dumps([[chain, 70.5], [pool, 60.25]]), "utf-8")
    return tmp_path


def test_converter_of_nasbench201(raw: Path) -> None:
    table = converted("nasbench201", raw).set_index("architecture")
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
    assert set(table) == {"parameters", "flops", "activations", *figures}
    second = table.loc["|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|"]
    assert (second["parameters"], second["cifar10"]) == (73_306 + 243_040, 21.5)


def test_converter_of_nasbench101(raw: Path) -> None:
    table = converted("nasbench101", raw).set_index("architecture")
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
    for space in ("nasbench101", "nasbench201"):
        shipped = pd.read_parquet(TABLES_FOLDER / f"{space}.parquet")
        table = converted(space, raw)
        assert table.dtypes.to_dict() == shipped.dtypes.to_dict()
        figures = ["architecture", "parameters", "flops", "activations"]
        both = table[figures].merge(shipped[figures], on="architecture", suffixes=("", " shipped"))
        assert len(both) >= 1
        assert both["parameters"].tolist() == both["parameters shipped"].tolist()
        assert both["flops"].tolist() == both["flops shipped"].tolist()
