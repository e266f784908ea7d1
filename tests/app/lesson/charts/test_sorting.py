import numpy as np

from app.lesson.charts.sorting import sorting_data, sorting_figure

ACCURACY = np.array([10.0, 30.0, 20.0])
RISING = np.array([[0.0, 1.0], [0.0, 3.0], [0.0, -np.inf]])
"""Equal at first; then the second is best and the third has diverged."""
SIDES = [(False, -RISING[::-1], np.array([np.nan, -1.0])), (True, RISING, np.array([np.nan, 0.5]))]


def test_a_dot_keeps_its_height_and_moves_to_its_rank_by_score() -> None:
    data = sorting_data(SIDES, ACCURACY, [1, 0], "three")
    assert data.true.tolist() == [1, 3, 2]
    with_barrier = data.panels[1]
    assert with_barrier.places.tolist() == [[2, 2, 2], [2, 3, 1]]
    figure = sorting_figure(data)
    assert len(figure.frames) == data.iterations == 2
    assert [annotation.text for annotation in figure.layout.annotations][:3] == [
        "without the barrier",
        "the true order",
        "with the barrier",
    ]
    dots, pair, rho = figure.frames[1].data[-3:]
    assert (list(dots.x), list(dots.y)) == ([2, 3, 1], [1, 3, 2])
    assert (list(pair.x), list(pair.text)) == ([3, 2], ["good", "bad"])
    assert rho.text == ("<b>ρ = 0.50</b>",)
    assert figure.data[-1].text == ("<b>no order yet</b>",)


def test_every_frame_draws_every_trace() -> None:
    """Plotly hides what a frame leaves out while the rest moves."""
    figure = sorting_figure(sorting_data(SIDES, ACCURACY, [], "three"))
    assert all(list(frame.traces) == list(range(len(figure.data))) for frame in figure.frames)
    true = figure.frames[1].data[3]
    assert list(true.x) == list(true.y) == [1, 3, 2]


def test_nothing_to_sort_says_so() -> None:
    nothing = sorting_data([(True, np.empty((0, 3)), np.empty(0))], np.empty(0), [], "")
    assert sorting_figure(nothing).layout.annotations[0].text == "nothing to sort yet"
