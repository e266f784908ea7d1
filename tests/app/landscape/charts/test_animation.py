"""Surfaces from update to update."""

import pytest

from app.charts.shown import Shown
from app.landscape.charts.animation import animation_data, animation_figure
from tests.app.landscape.charts.made_landscapes import bowl, egg_box, made


def frames(barriers: tuple[bool, ...] = (True, False)) -> list[tuple[int, list[Shown]]]:
    """The losses halve from update to update."""
    return [
        (n, [Shown(f"barrier {b}", b, made(lambda x, y, n=n: bowl(x, y) / 2**n)) for b in barriers])  # type: ignore[misc]
        for n in (0, 1, 2)
    ]


def test_all_frames_have_one_range() -> None:
    figure = animation_figure(animation_data(frames(), False))
    assert (figure.layout.coloraxis.cmin, figure.layout.coloraxis.cmax) == (0.25, 6)
    assert figure.layout.scene.zaxis.range == figure.layout.scene2.zaxis.range
    assert [frame.name for frame in figure.frames] == ["0", "1", "2"]
    assert all(frame.traces == (0, 1, 2, 3) for frame in figure.frames)
    assert [frame.data[2].z[0, 0] for frame in figure.frames] == [6, 3, 1.5]
    assert figure.data[0].z[0, 0] == 6
    assert [trace.scene for trace in figure.data] == ["scene", "scene", "scene2", "scene2"]


def test_point_reached_is_in_the_middle() -> None:
    data = animation_data(frames((True,)), False)
    assert [frame.centre for frame in data.frames] == [[1], [0.5], [0.25]]
    point = animation_figure(data).frames[1].data[1]
    assert point.z[0] == pytest.approx(0.5 + 0.03 * 5.75)


def test_slider_and_buttons() -> None:
    layout = animation_figure(animation_data(frames((False,)), True)).layout
    slider, menu = layout.sliders[0], layout.updatemenus[0]
    assert [(step.label, *step.args[0]) for step in slider.steps] == [("0", "0"), ("1", "1"), ("2", "2")]
    assert [button.label for button in menu.buttons] == ["Play", "Pause"]
    assert menu.buttons[0].args[1]["frame"]["redraw"], "surfaces are only drawn anew with a redraw"


def test_title_tells_how_ruggedness_changes() -> None:
    changing = [(0, [Shown("A", True, made(lambda x, y: 10 ** (x**2 + 0 * y)))]), (4, [Shown("A", True, made(flat))])]
    title = animation_data(changing, False).title
    assert title == "Ruggedness of log₁₀ loss from 0 to 4 updates: 0.25 → 0 with the barrier"


def flat(x, y):  # type: ignore[no-untyped-def]
    return 1 + 0 * x


def test_frames_of_different_scenes_are_refused() -> None:
    mixed = [frames((True,))[0], frames((False,))[1]]
    with pytest.raises(ValueError, match="all frames show the same one or two scenes"):
        animation_data(mixed, False)
    with pytest.raises(ValueError, match="one or two scenes"):
        animation_data(frames((True, False, True)), False)


def test_nothing_yet() -> None:
    assert animation_figure(animation_data([], False)).layout.annotations[0].text == "no row computed yet"
    waiting = [(0, [Shown("A", True, made(egg_box, computed=0))])]
    assert not animation_figure(animation_data(waiting, False), dark=True).frames
