"""The sample beside held-out architectures, and the found proxy beside others."""

import math

import numpy as np
import pytest

from app.charts import palette
from app.proxy_search.charts.held_out import Ranked, held_out_data, held_out_figure, judged_data, judged_figure
from eproxy_engine.statistics import correlate


def ranked(scores: list[float], prefix: str = "a") -> Ranked:
    accuracy = np.linspace(80, 94, len(scores))
    score = np.array(scores, dtype=float)
    names = [f"{prefix}{i}" for i in range(len(scores))]
    return Ranked(names, accuracy, score, correlate(score, accuracy).as_dict())


def estimate(rho: float | None, n: int = 200) -> dict[str, float | int | None]:
    bounds = {"rho_low": None if rho is None else rho - 0.1, "rho_high": None if rho is None else rho + 0.1}
    return {"rho": rho, **bounds, "n": n}


def test_titles_give_both_estimates_and_call_the_sample_optimistic() -> None:
    data = held_out_data(ranked([1, 2, 3, 4, 5]), ranked([1, 2, 3, 4, 6, 5], "h"))
    assert data.title == "ρ is 1.00 on the sample of the search and 0.94 on architectures it has not seen"
    left, right = data.titles
    assert left.startswith("sample of the search, optimistic<br>ρ = 1.00 [1.00, 1.00], n = 5")
    assert right.startswith("held-out architectures<br>ρ = 0.94 [")
    assert right.endswith("n = 6")


def test_each_panel_has_its_own_points_and_both_one_accuracy_axis() -> None:
    figure = held_out_figure(held_out_data(ranked([1, 2, 3]), ranked([4, 5, 6, 7], "h")), score_title="mean rank")
    sample, held_out = figure.data
    assert (list(sample.x), sample.xaxis, sample.marker.symbol) == ([1, 2, 3], "x", "circle-open")
    assert (list(held_out.x), held_out.xaxis, held_out.marker.symbol) == ([4, 5, 6, 7], "x2", None)
    assert held_out.customdata[0][0] == "h0"
    assert figure.layout.yaxis2.matches == "y"
    texts = [note.text for note in figure.layout.annotations]
    assert "mean rank" in texts
    assert figure.layout.yaxis.title.text == "accuracy (%)"
    assert not figure.layout.showlegend


@pytest.mark.parametrize(("barrier", "colour"), [(True, palette.BARRIER), (False, palette.NO_BARRIER)])
def test_colour_says_whether_there_is_a_barrier(barrier: bool, colour: str) -> None:
    figure = held_out_figure(held_out_data(ranked([1, -math.inf]), ranked([1, 2], "h")), barrier=barrier)
    sample, crosses, held_out = figure.data
    assert sample.marker.color == crosses.marker.line.color == held_out.marker.color == colour


def test_diverged_ones_are_crosses_left_of_the_others() -> None:
    figure = held_out_figure(held_out_data(ranked([-math.inf, 2, 3]), ranked([-math.inf] * 3, "h")))
    sample, crosses, only = figure.data
    assert (crosses.name, crosses.marker.symbol, only.name) == ("diverged", "x-thin", "diverged")
    assert crosses.x[0] < min(sample.x)
    assert crosses.customdata[0][2] == "diverged"
    assert np.isfinite(only.x).all()
    assert [trace.showlegend for trace in figure.data] == [False, True, False]


def test_selected_is_ringed_where_it_is() -> None:
    figure = held_out_figure(held_out_data(ranked([1, 2]), ranked([1, 2, 3], "h"), selected="h2"))
    ring = figure.data[-1]
    assert (ring.xaxis, list(ring.x), ring.marker.color) == ("x2", [3], palette.SELECTED)
    assert len(held_out_figure(held_out_data(ranked([1, 2]), ranked([1, 2], "h"), "elsewhere")).data) == 2


def test_nothing_judged_yet() -> None:
    empty = held_out_data(ranked([]), ranked([]))
    assert held_out_figure(empty).layout.annotations[0].text == "nothing judged yet"
    assert len(held_out_figure(held_out_data(ranked([1, 2]), ranked([]))).data) == 1
    assert "undefined" in empty.title


def test_judged_are_sorted_and_named() -> None:
    judged = {
        "parameters": estimate(0.3),
        "proxy": estimate(0.7),
        "mine": estimate(0.5),
        "flops": estimate(None),
        "best": estimate(0.6),
        "default": estimate(0.4),
    }
    data = judged_data(judged)
    assert data.names == ["proxy found", "best configuration alone", "mine", "default preset", "parameters"]
    assert data.rho.tolist() == [0.7, 0.6, 0.5, 0.4, 0.3]
    assert data.low[0] == pytest.approx(0.6)
    assert data.title == "On 200 held-out architectures: proxy found ρ = 0.70, mine 0.50"


def test_title_says_so_where_another_is_better() -> None:
    title = judged_data({"proxy": estimate(0.5), "default": estimate(0.6), "flops": estimate(0.4)}).title
    assert title == "On 200 held-out architectures: proxy found ρ = 0.50, default preset 0.60"


def test_the_best_alone_is_left_out_where_it_is_the_proxy() -> None:
    data = judged_data({"proxy": estimate(0.5), "best": estimate(0.5), "flops": estimate(0.6)})
    assert data.names == ["FLOPs", "proxy found"]


def test_dots_have_intervals_and_numbers() -> None:
    data = judged_data({"proxy": estimate(0.5), "flops": {"rho": -0.2, "rho_low": None, "rho_high": None, "n": 3}})
    own, flops = judged_figure(data).data
    assert (own.x[0], own.y[0], own.marker.color) == (0.5, "proxy found", palette.BLUE)
    assert own.text[0] == "0.50 [0.40, 0.60]"
    assert own.error_x.array[0] == pytest.approx(0.1)
    assert own.error_x.arrayminus[0] == pytest.approx(0.1)
    assert flops.text[0] == "−0.20"
    assert flops.marker.color == palette.MUTED
    assert "held-out architectures" in data.title
    assert "2 held-out" not in data.title


def test_nothing_judged_at_all() -> None:
    for judged in ({}, {"proxy": estimate(None)}):
        assert judged_figure(judged_data(judged)).layout.annotations[0].text == "nothing judged yet"
    assert judged_data({"flops": estimate(0.2)}).title == "ρ on 200 held-out architectures"
