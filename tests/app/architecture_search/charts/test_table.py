"""Searches and published rows as tables."""

from __future__ import annotations

import math
from typing import Any

from app.architecture_search.charts.table import COLUMNS, Compared, searches_table, table_6, table_7, table_8


def result(mean: float | None, found: int, optimum: float | None = 94.0) -> dict[str, Any]:
    spread = {"mean": mean, "standard_error": None if mean is None else 0.123, "median": mean, "n": 3, "of": 3}
    queries = {"mean": 40.0 if found else None, "standard_error": None, "median": 39.0 if found else None}
    return {
        "searches": [
            {"queries": queries, "queries_to_optimum": 40 if place < found else None, **({"jumps": 2} if place else {})}
            for place, queries in enumerate((60, 58, 60))
        ],
        "spent": 20,
        "accuracy": spread,
        "optimum": None if optimum is None else {"architecture": "a", "accuracy": optimum, "ties": 1},
        "queries_to_optimum": {**queries, "n": found, "of": 3},
        "evaluations": 720,
        "seconds_of_training": 31.4,
    }


def test_one_row_a_run_the_smallest_regret_first() -> None:
    table = searches_table(
        [
            Compared("r1", "random search", "", result(93.0, 0), 1.26),
            Compared("r2", "evolution by a proxy", "FLOPs", result(93.75, 1), None),
            Compared("r3", "evolution by a proxy", "Eproxy", result(None, 0, optimum=None), 0.0),
        ]
    )
    assert list(table.columns) == list(COLUMNS)
    assert table["run"].tolist() == ["r2", "r1", "r3"]
    first = table.iloc[0]
    assert (first["best accuracy"], first["regret"], first["found the optimum"]) == ("93.75 ± 0.12", 0.25, "1 of 3")
    assert (first["queries"], first["spent"], first["queries to the optimum"]) == (60, 20, "over 53")
    assert math.isnan(first["choosing (s)"])
    assert (table.iloc[1]["queries to the optimum"], table.iloc[1]["choosing (s)"]) == ("over 59", 1.3)
    assert (first["evaluations"], first["training (s)"], first["seeds"]) == (720, 31, 3)
    assert first["jumps"] == 4
    last = table.iloc[2]
    assert (last["best accuracy"], last["queries to the optimum"]) == ("", "")
    assert math.isnan(last["regret"])


def test_the_mean_over_all_seeds_where_all_found_the_optimum() -> None:
    table = searches_table([Compared("r", "local search", "", result(94.0, 3), None)])
    assert (table.iloc[0]["found the optimum"], table.iloc[0]["queries to the optimum"]) == ("3 of 3", "40")


def test_published_tables() -> None:
    ours = Compared("r", "Bayesian search", "", result(93.75, 2), None)
    table = table_6([ours], 30_001)
    assert table.iloc[0].tolist() == ["Bayesian search, here", 60, "93.75 ± 0.12", 30_001]
    assert table.iloc[-1].tolist() == ["Eproxy+DPS, paper", 0, "93.07", 423_624]
    table = table_7("cifar10", [ours])
    assert table.iloc[0].tolist() == ["Bayesian search, here", "2 of 3", "over 47"]
    assert table.iloc[-1].tolist() == ["Eproxy+DPS, paper", "", "58 + 20"]
    assert table_7("imagenet16-120").iloc[-1].tolist() == ["Eproxy+DPS, paper", "", "74", "yes"]
    assert table_7("cifar10-test", [ours]).empty


def test_a_network_found_here_has_a_size_but_no_error() -> None:
    table = table_8(5_380_000, 599_900_000)
    own, first = table.iloc[0], table.iloc[1]
    assert (own["method"], own["top-1 error (%)"], own["parameters (M)"]) == ("found here", "not trained here", 5.38)
    assert own["FLOPs (M)"] == 599.9
    assert (first["method"], first["top-1 error (%)"]) == ("NASNet-A", "26.0")
    assert math.isnan(table.loc[table["parameters (M)"] == 6.3, "FLOPs (M)"].iloc[0])
