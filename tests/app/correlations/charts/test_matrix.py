"""Which proxies agree: the matrix, its order, its numbers; and what is left of each given its size."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from app.correlations.charts.beyond_size import beyond_size_data, beyond_size_figure
from app.correlations.charts.matrix import proxy_matrix_data, proxy_matrix_figure
from tests.app.correlations.charts.made_proxies import FAILED, row, scores


def many(m: int = 6, n: int = 40) -> pd.DataFrame:
    """Two groups of proxies, taken in turns: those that follow one hidden quantity, those that follow another."""
    rng = np.random.default_rng(0)
    hidden = rng.normal(size=(2, n))
    return scores(**{f"p{i}": (hidden[i % 2] + 0.3 * rng.normal(size=n)).tolist() for i in range(m)})


def test_sizes_are_among_the_proxies_and_every_pair_is_spearman() -> None:
    table = many()
    data = proxy_matrix_data(table, [row(f"p{i}") for i in range(6)], clustered=False)
    assert data.titles == ["P0", "P1", "P2", "P3", "P4", "P5", "parameters", "FLOPs"]
    columns = [*(f"p{i}" for i in range(6)), "parameters", "flops"]
    np.testing.assert_allclose(data.rho, stats.spearmanr(table[columns]).statistic, atol=1e-12)


def test_clustering_puts_together_what_agrees() -> None:
    data = proxy_matrix_data(many(), [row(f"p{i}") for i in range(6)])
    groups = [int(title[1:]) % 2 for title in data.titles if title.startswith("P")]
    assert groups in ([0, 0, 0, 1, 1, 1], [1, 1, 1, 0, 0, 0])
    place = {title: i for i, title in enumerate(data.titles)}
    expected = stats.spearmanr(many()["p2"], many()["p4"]).statistic
    assert data.rho[place["P2"], place["P4"]] == pytest.approx(expected)


def test_a_size_that_is_a_row_or_unknown_is_not_added() -> None:
    table = many().assign(flops=np.nan)
    data = proxy_matrix_data(table, [row("p0"), row("parameters", title="size")], clustered=False)
    assert data.titles == ["P0", "size"]


def test_failed_and_constant_proxies() -> None:
    table = scores(one=[1.0, FAILED, 3.0, FAILED], two=[2.0, 1.0, 3.0, 1.0], same=[1.0, 1.0, 1.0, 1.0])
    data = proxy_matrix_data(table, [row("one"), row("two"), row("same")])
    place = {title: i for i, title in enumerate(data.titles)}
    assert data.rho[place["ONE"], place["TWO"]] == 1
    assert np.isnan(data.rho[place["SAME"]]).all()
    (heat,) = proxy_matrix_figure(data).data
    assert heat.text[place["SAME"]][0] == ""
    assert data.title == "ONE and TWO, ρ = 1.00"


def test_the_title_names_the_most_alike_without_sizes() -> None:
    table = many()
    rho = {(i, j): stats.spearmanr(table[f"p{i}"], table[f"p{j}"]).statistic for i in range(6) for j in range(i)}
    high = max(rho, key=rho.__getitem__)
    data = proxy_matrix_data(table, [row(f"p{i}") for i in range(6)])
    assert data.title == f"Most alike: P{high[1]} and P{high[0]}, ρ = {rho[high]:.2f}"


@pytest.mark.parametrize(("m", "written"), [(14, True), (15, False)])
def test_numbers_are_written_up_to_sixteen(m: int, written: bool) -> None:
    (heat,) = proxy_matrix_figure(proxy_matrix_data(many(m), [row(f"p{i}") for i in range(m)])).data
    assert (heat.texttemplate is not None) is written
    assert (heat.zmin, heat.zmax) == (-1, 1)


def test_no_proxy_is_said() -> None:
    assert not proxy_matrix_figure(proxy_matrix_data(many(), [])).data
    assert not beyond_size_figure(beyond_size_data([row("one", None)])).data


def test_what_is_left_given_size() -> None:
    rows = [row("size", 0.6), row("one", 0.5, partial_rho=0.4), row("two", 0.7, partial_rho=-0.1), row("bad", None)]
    data = beyond_size_data(rows)
    assert data.titles == ["TWO", "SIZE", "ONE"]
    np.testing.assert_array_equal(data.partial, [-0.1, np.nan, 0.4])
    assert data.title == "ONE says most beyond size: partial ρ = 0.40"
    whole, left = beyond_size_figure(data).data
    assert list(whole.x) == [0.7, 0.6, 0.5]
    assert whole.width > left.width
    assert beyond_size_data(rows[:1]).title == "ρ, and what is left of it given parameters and FLOPs"
