"""Runs side by side: a row a setting, result or component, and which of them differ."""

from dataclasses import replace
from typing import Any

import pandas as pd

from app.proxy_search.charts.run_differences import GROUPS, run_differences
from eproxy_engine.proxy import Branch, Configuration
from eproxy_engine.runs.kinds.proxy_search.specification import ProxySearchSpecification
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring import Ensemble, Proxy
from eproxy_engine.scoring.proxy import plain_values
from eproxy_engine.search.proxy_search.settings import settings

SPECIFICATION = ProxySearchSpecification("nasbench101", "cifar10", Sample("random", 20, 1))


def result(rho: float, proxy: Proxy) -> dict[str, Any]:
    return {
        "proxy": plain_values(proxy),
        "places": [3],
        "sample_rho": 0.83,
        "best_rho": 0.83,
        "trials": 1240,
        "cut_short": 0,
        "seconds_of_training": 5021.7,
        "rho": rho,
        "rho_low": rho - 0.05,
        "rho_high": rho + 0.05,
        "n": 200,
    }


def row(frame: pd.DataFrame, name: str) -> pd.Series:
    (found,) = [series for _, series in frame.iterrows() if series["name"] == name]
    return found


def test_settings_that_differ_are_flagged() -> None:
    other = replace(SPECIFICATION, seed=2, settings=replace(settings("paper"), racing=True, flops=True))
    first = replace(SPECIFICATION, settings=settings("paper"))
    frame = run_differences([("r1", first.as_dict(), None), ("r2", other.as_dict(), None)])
    assert set(frame[frame["differs"]]["name"]) == {"seed", "racing", "flops"}
    assert row(frame, "racing")[["r1", "r2"]].tolist() == ["off", "on"]
    assert row(frame, "flops")[["r1", "r2"]].tolist() == ["off", "on"]
    assert row(frame, "population")[["r1", "r2"]].tolist() == ["40", "40"]
    assert row(frame, "sample: rule")["r1"] == "random"
    assert set(frame["group"]) == {"setting"}


def test_nested_and_flattened_specifications_are_the_same() -> None:
    nested = {"space": "a", "settings": {"cycles": 5, "racing": True}}
    flat = {"space": "a", "settings.cycles": 5, "settings.racing": True}
    frame = run_differences([("r1", nested, None), ("r2", flat, None)])
    assert not frame["differs"].any()
    assert len(frame) == 3


def test_results_come_with_their_intervals_after_the_settings() -> None:
    frame = run_differences(
        [("r1", SPECIFICATION.as_dict(), result(0.7123, Configuration())), ("r2", SPECIFICATION.as_dict(), None)]
    )
    held_out = row(frame, "held-out ρ")
    assert held_out[["group", "r1", "r2"]].tolist() == ["result", "0.71 [0.66, 0.76]", ""]
    assert held_out["differs"]
    assert row(frame, "ρ on the sample, optimistic")["r1"] == "0.83"
    assert row(frame, "trials")["r1"] == "1,240"
    assert row(frame, "trials cut short")["r1"] == "0"
    assert row(frame, "training (s)")["r1"] == "5,022"
    order = [GROUPS.index(group) for group in frame["group"]]
    assert order == sorted(order)


def test_components_of_the_proxies_found() -> None:
    one = Configuration((Branch(c_mid=512),))
    two = Configuration((Branch(), Branch("before_first")), network_init="kaiming_normal")
    runs = [
        ("r1", SPECIFICATION.as_dict(), result(0.7, one)),
        ("r2", SPECIFICATION.as_dict(), result(0.7, Ensemble((two, one, one), 0.5))),
    ]
    frame = run_differences(runs)
    assert row(frame, "configurations in it")[["r1", "r2"]].tolist() == ["1", "3"]
    assert row(frame, "weight of the FLOPs' rank")[["r1", "r2"]].tolist() == ["0", "0.5"]
    assert row(frame, "deepest: c_mid")[["r1", "r2"]].tolist() == ["512", "64"]
    assert row(frame, "before 1st: c_mid")[["r1", "r2"]].tolist() == ["", "64"]
    found = frame[frame["group"] == "proxy found"]["name"].tolist()
    assert found.index("before 1st: c_mid") < found.index("learning rate")
    assert row(frame, "branches")["r2"] == "deepest + before 1st"
    assert row(frame, "network init")["differs"]
    assert not row(frame, "learning rate")["differs"]


def test_long_lists_are_shown_short_but_compared_whole() -> None:
    texts = tuple(f"architecture-number-{i}" for i in range(20))
    one = replace(SPECIFICATION, sample=Sample("picked", 20, 1, texts))
    two = replace(SPECIFICATION, sample=Sample("picked", 20, 1, (*texts[:-1], "another")))
    frame = run_differences([("r1", one.as_dict(), None), ("r2", two.as_dict(), None)])
    picked = row(frame, "sample: picked")
    assert picked["r1"] == picked["r2"] == "20: architecture-number-0, …"
    assert picked["differs"]


def test_one_run_and_none() -> None:
    alone = run_differences([("r1", SPECIFICATION.as_dict(), result(0.7, Configuration()))])
    assert not alone["differs"].any()
    assert list(run_differences([]).columns) == ["group", "name", "differs"]
    assert run_differences([]).empty
