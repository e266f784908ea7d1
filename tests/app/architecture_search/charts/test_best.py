"""Best accuracy against queries: the staircases, their quartiles, what the title states."""

from __future__ import annotations

import math

import numpy as np
import pytest

from app.architecture_search.charts.best import best_data, best_figure
from app.architecture_search.charts.runs import COLOURS, style
from tests.app.architecture_search.charts.made_searches import searched


def test_median_and_quartiles_over_the_seeds_after_each_query() -> None:
    (line,) = best_data([searched()]).lines
    assert line.queries.tolist() == [1, 2, 4, 8, 10]
    assert line.median.tolist() == [89.0, 90.5, 91.5, 92.5, 92.5]
    assert line.low.tolist() == [88.5, 90.25, 91.25, 92.25, 92.25]
    assert line.high.tolist() == [89.5, 90.75, 91.75, 92.75, 92.75]


def test_lines_share_their_places_as_far_as_each_goes() -> None:
    short = searched("short", improvements=[[(3, 90.0)]], queries=[5])
    first, second = best_data([searched(), short]).lines
    assert first.queries.tolist() == [1, 2, 3, 4, 8, 10]
    assert second.queries.tolist() == [1, 2, 3, 4, 5]
    assert np.isnan(second.median[:2]).all()
    assert second.median[2:].tolist() == [90.0] * 3


def test_a_run_that_goes_on_ends_where_its_slowest_seed_is() -> None:
    steps = [[(1, 90.0), (4, 92.0)], [(1, 88.0)]]
    going_on = searched(improvements=steps, queries=[6, 3], going_on=True)
    assert best_data([going_on]).lines[0].queries.tolist() == [1, 3]
    assert best_data([going_on._replace(going_on=False)]).lines[0].queries.tolist() == [1, 4, 6]


def test_the_title_states_the_accuracies() -> None:
    better = searched("evolution", improvements=[[(1, 93.5)], [(3, 93.5)]])
    assert best_data([searched(), better]).title == (
        "evolution: 93.50 ± 0.00 after 10 queries<br>random search: 92.50 ± 0.50 after 10 queries"
    )


def test_the_title_states_the_queries_to_the_optimum_of_runs_that_always_find_it() -> None:
    found = searched("evolution", improvements=[[(1, 90.0), (6, 94.0)], [(8, 94.0)]])
    sometimes = searched("local", improvements=[[(1, 94.0)], [(8, 93.0)]])
    assert best_data([searched(), found, sometimes]).title == "evolution: 7 ± 1 queries to the optimum"


def test_of_many_runs_the_title_names_two() -> None:
    title = best_data([searched(f"run <{i}>") for i in range(5)]).title
    assert title.startswith("run &lt;0&gt;: ")
    assert title.endswith("<br>and 3 more")


def test_what_queried_nothing_is_not_there() -> None:
    silent = searched(improvements=[[], []], queries=[0, 0])
    assert best_data([silent]).lines == []
    assert best_figure(best_data([silent])).layout.annotations[0].text == "no query yet"


def test_each_run_is_a_line_with_a_band_if_it_has_several_seeds() -> None:
    single = searched("single", improvements=[[(1, 90.0)]], queries=[5])
    figure = best_figure(best_data([searched(), single]))
    assert [trace.name for trace in figure.data if trace.name] == ["random search", "single"]
    assert sum(trace.fill == "tonexty" for trace in figure.data) == 1
    assert {trace.line.shape for trace in figure.data} == {"hv"}


def test_marks_of_optimum_and_of_the_proxys_design() -> None:
    figure = best_figure(best_data([searched(spent=4)]), logarithmic=True)
    optimum, spent = figure.layout.shapes
    assert (optimum.y0, spent.x0) == (94.0, 4)
    texts = {each.text: each for each in figure.layout.annotations}
    assert "optimum 94.00" in texts
    assert texts["4 for the proxy's design"].x == pytest.approx(math.log10(4))
    assert figure.layout.xaxis.type == "log"


def test_a_run_that_begins_badly_does_not_flatten_the_others() -> None:
    bad = searched("bad", improvements=[[(1, 0.0), (9, 92.0)], [(1, 0.0), (9, 92.0)]])
    low, high = best_figure(best_data([searched(), bad])).layout.yaxis.range
    assert 85 < low < 88.5
    assert high > 94


def test_later_runs_do_not_change_the_colours_of_earlier_ones() -> None:
    styles = [style(place) for place in range(3 * len(COLOURS))]
    assert len(set(styles)) == len(styles)
    assert styles[0] == (COLOURS[0], "solid")
