"""The table of all proxies: its order, what is rounded how, and what is empty."""

import math

import pytest

from app.correlations.charts.ranking_table import COLUMNS, comparison_formats, comparison_table
from tests.app.correlations.charts.made_proxies import row

FULL = row(
    "full",
    0.63149,
    rho_low=-0.0012,
    rho_high=0.7,
    tau=-0.001,
    top10=0.4,
    precision10=0.3,
    ndcg=0.98765,
    partial_rho=0.2,
    seconds_per_architecture=0.0123456,
    peak_megabytes=812.6,
    failed=3,
    seed_rhos=[0.5, 0.7, None],
)


def test_columns_and_order() -> None:
    table = comparison_table([row("low", 0.1), row("none", None), FULL])
    assert list(table) == list(COLUMNS)
    assert table["proxy"].tolist() == ["FULL", "LOW", "NONE"]
    assert list(comparison_table([])) == list(COLUMNS)


def test_numbers_are_rounded_and_stay_numbers() -> None:
    first = comparison_table([FULL]).iloc[0].to_dict()
    assert first == {
        "proxy": "FULL",
        "ρ": 0.63,
        "95 % interval": "[0.00, 0.70]",
        "ρ over seeds": "0.60 ± 0.14",
        "τ": 0.0,
        "top-10 %": 0.4,
        "precision@10": 0.3,
        "nDCG": 0.988,
        "partial ρ": 0.2,
        "ms per architecture": 12.3,
        "peak MB": 813.0,
        "failed": 3,
    }
    assert math.copysign(1, first["τ"]) == 1


def test_what_is_unknown_is_empty() -> None:
    table = comparison_table([row("none", None), FULL])
    last = table.iloc[1]
    assert last["95 % interval"] == last["ρ over seeds"] == ""
    assert table.loc[1, ["ρ", "τ", "nDCG", "partial ρ", "ms per architecture", "peak MB"]].isna().all()
    assert table["ρ"].dtype == float


@pytest.mark.parametrize(("width", "digits"), [(0.019, 3), (0.1, 2)])
def test_digits_by_the_widest_interval(width: float, digits: int) -> None:
    rows = [
        row("one", 0.61239, rho_low=0.6, rho_high=0.6 + width),
        row("two", 0.5, rho_low=0.5, rho_high=0.501),
        row("three", 0.1),
    ]
    assert comparison_table(rows)["ρ"][0] == round(0.61239, digits)
    assert comparison_formats(rows)["partial ρ"] == f"%.{digits}f"
    assert set(comparison_formats(rows)) <= set(COLUMNS)
