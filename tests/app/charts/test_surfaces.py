"""Loss surfaces side by side."""

from dataclasses import replace

import numpy as np
import pytest

from app.charts.shown import Shown
from app.charts.surfaces import surfaces_data, surfaces_figure
from tests.app.landscape.charts.made_landscapes import bowl, egg_box, made

WITH, WITHOUT = Shown("A, barrier", True, made(egg_box)), Shown("A, none", False, made(bowl))


def with_hole(shown: Shown, value: float = np.nan) -> Shown:
    loss = shown.landscape.loss.copy()
    loss[1, 3] = value
    return shown._replace(landscape=replace(shown.landscape, loss=loss))


def test_one_height_range_and_colour_scale_for_all() -> None:
    figure = surfaces_figure(surfaces_data([WITH, WITHOUT], False))
    assert [trace.type for trace in figure.data] == ["surface", "scatter3d"] * 2
    assert [trace.scene for trace in figure.data] == ["scene", "scene", "scene2", "scene2"]
    assert {trace.coloraxis for trace in figure.data if trace.type == "surface"} == {"coloraxis"}
    assert figure.layout.scene.zaxis.range == figure.layout.scene2.zaxis.range == (0.85, 6.15)  # bowl: 1 to 6, and 3 %
    assert (figure.layout.coloraxis.cmin, figure.layout.coloraxis.cmax) == (1, 6)
    assert figure.layout.scene.camera == figure.layout.scene2.camera
    assert [note.text for note in figure.layout.annotations] == ["A, barrier", "A, none"]
    assert figure.layout.scene.xaxis.title.text == "first direction"
    assert figure.layout.coloraxis.colorbar.title.text == "loss"


def test_four_make_a_square_and_five_are_too_many() -> None:
    figure = surfaces_figure(surfaces_data([WITH, WITHOUT] * 2, False))
    corners = [figure.layout[name].domain for name in ("scene", "scene2", "scene3", "scene4")]
    assert corners[0].x == corners[2].x != corners[1].x
    assert corners[0].y == corners[1].y != corners[2].y
    assert len(surfaces_figure(surfaces_data([WITH] * 3, False)).data) == 6
    with pytest.raises(ValueError, match="at most 4 surfaces fit a figure, but got 5"):
        surfaces_data([WITH] * 5, False)


def test_logarithm() -> None:
    data = surfaces_data([Shown("B", False, made(lambda x, y: 10 ** (x + y)))], True)
    assert data.z_range == pytest.approx((-2, 2))
    assert data.z[0][0, 4] == pytest.approx(0)
    assert data.loss_title == "log<sub>10</sub> loss"


def test_path_lies_on_the_surface_and_tells_its_own_loss() -> None:
    data = surfaces_data([WITHOUT], False)
    assert data.paths[0].tolist() == [[-1, 0, 3], [-0.5, 0, 1.5], [0, 0, 1]]
    assert data.path_texts[0] == ["iteration 0<br>its loss 9", "iteration 1<br>its loss 5", "iteration 2<br>its loss 1"]
    assert surfaces_data([Shown("A", True, made(every=7))], False).path_texts[0][1] == "iteration 7<br>its loss 5"
    path = surfaces_figure(data).data[1]
    assert path.z[0] == pytest.approx(3 + 0.03 * 5)
    assert path.mode == "lines+markers"
    assert path.marker.symbol == ("circle", "circle", "diamond")


def test_path_between_grid_points_and_outside() -> None:
    plane = made(lambda x, y: 3 + x + 2 * y, path=((0.25, 0.1, 7.0), (1.5, 0.0, 8.0)))
    data = surfaces_data([Shown("C", True, plane)], False)
    assert data.paths[0][0, 2] == pytest.approx(3.45)
    assert np.isnan(data.paths[0][1, 2])
    assert "1 point of the path lies outside" in data.title


def test_title_compares_ruggedness() -> None:
    def geometric(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return 10 ** (x**2 + 0 * y)  # second difference of the exponent: 2 * 0.5² across, 0 down

    title = surfaces_data(
        [Shown("D", True, made(geometric)), Shown("E", False, made(lambda x, y: 1 + 0 * x))], False
    ).title
    assert title.startswith("With the barrier the surface is rougher than without,<br>")


def test_title_of_two_architectures_compares_each_with_itself() -> None:
    steep, gentle = (made(lambda x, y, slope=slope: 10 ** (slope * x**2 + 0 * y)) for slope in (2.0, 0.5))
    four = [
        Shown("best (94), with barrier", True, steep),
        Shown("best (94), without barrier", False, gentle),
        Shown("worst (10), with barrier", True, gentle),
        Shown("worst (10), without barrier", False, steep),
    ]
    told = (
        "The two networks differ no more with the barrier than without:<br>in roughness by a factor of 4.0 against 4.0"
    )
    assert surfaces_data(four, True).title == told
    assert surfaces_data(four[:1], True).title == "Ruggedness of log₁₀ loss: 0.50 with the barrier"


def test_a_path_that_leaves_the_plane_is_not_drawn_in_it() -> None:
    outside = ((9.0, 0.0, 1.0), (0.0, 0.0, 1.0))
    data = surfaces_data([Shown("A", True, made(path=outside, explained=0.009)), WITHOUT], False)
    assert [len(path) for path in data.paths] == [0, 3]
    assert "outside" not in data.title
    assert [trace.type for trace in surfaces_figure(data).data] == ["surface", "surface", "scatter3d"]


def test_a_path_that_begins_on_the_edge_but_for_a_rounding_is_drawn_whole() -> None:
    data = surfaces_data([Shown("A", True, made(path=((1.00000004, 0.0, 1.0), (0.0, 0.0, 1.0)))), WITHOUT], False)
    assert "outside" not in data.title
    assert data.paths[0][0, 0] == 1
    assert np.isfinite(data.paths[0]).all()


def test_holes_are_gaps_and_counted() -> None:
    data = surfaces_data([with_hole(WITHOUT), WITH], False)
    assert np.isnan(data.z[0]).sum() == 1
    assert "1 hole: a point whose loss is not finite" in data.title
    assert "hole" not in surfaces_data([WITHOUT], False).title
    assert "1 hole" in surfaces_data([with_hole(WITHOUT, value=0.0)], True).title, "it has no logarithm"


def test_partial_surfaces_draw() -> None:
    data = surfaces_data([Shown("F", True, made(bowl, computed=2))], False)
    assert data.title.startswith("Loss surfaces, not complete yet")
    assert "2 of 5 rows computed" in data.title
    assert "hole" not in data.title
    assert data.titles == ["F: 2 of 5 rows"]
    figure = surfaces_figure(data)
    assert figure.data[0].z.shape == (5, 5)
    assert figure.layout.scene.yaxis.range == (-1, 1), "the rows to come have their place"
    beside = surfaces_figure(surfaces_data([WITH, Shown("G", True, made(bowl, computed=0, path=()))], False))
    assert [trace.visible for trace in beside.data if trace.type == "surface"] == [True, False]
    nothing = surfaces_figure(surfaces_data([Shown("G", True, made(bowl, computed=0, path=()))], False))
    assert nothing.layout.annotations[0].text == "no row computed yet"
    assert surfaces_figure(surfaces_data([], False)).layout.annotations[0].text == "no row computed yet"
    diverged = surfaces_data([Shown("H", True, made(lambda x, y: x + y + np.nan))], False)
    assert surfaces_figure(diverged).layout.annotations[0].text == "no loss computed so far is finite"


def test_numbers_keep_away_from_the_corners_where_two_axes_meet() -> None:
    scene = surfaces_figure(surfaces_data([WITH, WITHOUT], False)).layout.scene
    assert list(scene.xaxis.tickvals) == [-0.5, 0, 0.5]
    assert list(scene.zaxis.tickvals) == [2, 4]


def test_a_flat_surface_has_a_height_range() -> None:
    figure = surfaces_figure(surfaces_data([Shown("H", True, made(lambda x, y: 2 + 0 * x))], False))
    assert figure.layout.scene.zaxis.range == (1.5, 2.5)
    assert figure.layout.coloraxis.cmax > figure.layout.coloraxis.cmin


def test_theme_gives_text_and_background() -> None:
    data = surfaces_data([WITH], False)
    dark, light, page = (surfaces_figure(data, dark).layout for dark in (True, False, None))
    assert (dark.paper_bgcolor, dark.font.color) == ("#12181E", "#E6EBEF")
    assert (light.paper_bgcolor, light.font.color) == ("#FFFFFF", "#1C2730")
    assert (page.paper_bgcolor, page.font.color) == ("rgba(0,0,0,0)", None)
