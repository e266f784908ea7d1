"""Ranks of famous networks among other architectures, by hand."""

import math

import pandas as pd

from eproxy_engine.runs.kinds.evaluation.famous import agreement, standings
from eproxy_engine.spaces import famous

TEXTS = {network.name: text for text, network in famous.in_space("darts").items()}
OTHERS = [f"other-{i}" for i in range(4)]


def evaluated(scores: dict[str, float], others: list[float]) -> pd.DataFrame:
    architectures = [TEXTS[name] for name in scores] + OTHERS[: len(others)]
    return pd.DataFrame({"architecture": architectures, "score": [*scores.values(), *others]})


def test_ranks_count_all_and_shares_only_the_others() -> None:
    found = standings("darts", evaluated({"GDAS": 2.0, "PC-DARTS": 5.0, "SGAS": 9.0}, [1.0, 2.0, 3.0, 7.0]))
    assert [each.network.name for each in found] == ["SGAS", "PC-DARTS", "GDAS"]
    assert [each.place for each in found] == ["1st of 7", "3rd of 7", "5th of 7"]
    assert [each.above for each in found] == [1.0, 0.75, 0.375]  # GDAS is above one and ties with another
    assert [each.top1 for each in found] == [None, 25.1, 26.0]


def test_diverged_ones_share_the_last_rank() -> None:
    found = standings("darts", evaluated({"GDAS": -math.inf, "PC-DARTS": -math.inf, "SGAS": 0.0}, [1.0]))
    assert [each.rank for each in found] == [2, 3, 3]
    assert [each.above for each in found] == [0.0, 0.0, 0.0]


def test_without_others_there_is_no_share_and_without_famous_ones_no_standing() -> None:
    assert standings("darts", evaluated({"SGAS": 1.0}, []))[0].above is None
    assert standings("darts", evaluated({}, [1.0, 2.0])) == []
    assert standings("nasbench201", evaluated({"SGAS": 1.0}, [])) == []


def test_agreement_is_that_with_the_errors_of_table_8() -> None:
    """26.7, 25.1 and 24.2 per cent; SGAS is not in the table."""
    right = {"DARTS (2nd order)": 1.0, "PC-DARTS": 2.0, "PC-DARTS (ImageNet)": 3.0, "SGAS": 0.0}
    assert agreement(standings("darts", evaluated(right, [5.0]))) == (1.0, 3)
    wrong = {name: -score for name, score in right.items()}
    assert agreement(standings("darts", evaluated(wrong, []))) == (-1.0, 3)
    rho, n = agreement(standings("darts", evaluated({"SGAS": 1.0}, [2.0])))
    assert math.isnan(rho)
    assert n == 0
