"""Contour maps with the path."""

import numpy as np

from app.charts.shown import Shown
from app.landscape.charts.contours import contours_data, contours_figure
from tests.app.landscape.charts.made_landscapes import bowl, egg_box, made

WITH = Shown("A, barrier", True, made(egg_box, explained=0.62))
WITHOUT = Shown("A, none", False, made(bowl, explained=0.584))


def test_title_tells_how_much_of_the_path_is_seen() -> None:
    title = contours_data([WITH, WITHOUT], False).maps.title
    assert title == "Share of the path's variance in the plane: 62% with the barrier, 58% without"
    assert contours_data([Shown("B", True, made(explained=np.nan))], False).maps.title == "Contours of the loss"


def test_below_one_percent_the_path_leaves_the_plane_and_is_not_drawn() -> None:
    leaving = Shown("A", True, made(explained=0.004))
    data = contours_data([leaving, leaving], False)
    assert data.maps.title == "The training path leaves the plane: less than 1% of its variance lies in it"
    assert [trace.type for trace in contours_figure(data).data] == ["contour", "scatter"] * 2, "the centre alone"
    told = contours_data([leaving, WITHOUT], False).maps.title
    assert told == "Share of the path's variance in the plane: less than 1% with the barrier, 58% without"


def test_maps_share_scale_and_levels_and_are_square() -> None:
    figure = contours_figure(contours_data([WITH, WITHOUT], False))
    maps = [trace for trace in figure.data if trace.type == "contour"]
    assert [each.coloraxis for each in maps] == ["coloraxis", "coloraxis"]
    assert {(each.contours.start, each.contours.end, each.contours.size) for each in maps} == {(1, 6, 0.5)}
    assert (figure.layout.coloraxis.cmin, figure.layout.coloraxis.cmax) == (1, 6)
    assert [figure.layout[f"yaxis{i}"].scaleanchor for i in ("", "2")] == ["x", "x2"]
    assert figure.layout.xaxis.range == (-1, 1)
    assert figure.layout.xaxis.title.text == "first direction"


def test_path_has_its_iterations_and_both_ends_differ() -> None:
    _, centre, below, path = contours_figure(contours_data([Shown("A", False, made(every=5))], False)).data
    assert list(path.text) == ["0", "5", "10"]
    assert path.customdata[1] == "iteration 5<br>its loss 5"
    assert (path.marker.symbol[0], path.marker.symbol[-1]) == ("circle", "diamond")
    assert path.marker.color[0] != path.marker.color[-1]
    assert (list(centre.x), list(centre.y)) == ([0], [0])
    assert list(below.x) == list(path.x) == [-1, -0.5, 0]


def test_numbers_that_would_lie_on_each_other_are_left_out() -> None:
    path = ((-1.0, 0.0, 9.0), (-0.95, 0.0, 8.0), (-0.5, 0.0, 3.0), (-0.05, 0.0, 2.0), (0.0, 0.0, 1.0))
    assert contours_data([Shown("B", True, made(path=path))], False).labels == [["0", "", "2", "", "4"]]
    still = ((0.0, 0.0, 1.0),)
    assert contours_data([Shown("B", True, made(path=still))], False).labels == [["0"]]


def test_nothing_yet() -> None:
    figure = contours_figure(contours_data([Shown("B", True, made(computed=0, path=()))], False))
    assert figure.layout.annotations[0].text == "no row computed yet"
    partial = contours_figure(contours_data([Shown("B", True, made(computed=2, path=()))], True))
    assert [trace.type for trace in partial.data] == ["contour", "scatter"]
    assert partial.layout.annotations[0].text == "B: 2 of 5 rows"
