"""The transfer matrix: rows, columns, empty cells, clicks, and the finding."""

import math

import numpy as np
import pandas as pd

from app.proxy_search.charts.transfer import NOT_EVALUATED, transfer_data, transfer_figure

PLACES = [("nasbench101", "cifar10"), ("nasbench201", "cifar10"), ("nasbench201", "cifar100")]


def cells() -> pd.DataFrame:
    return pd.DataFrame(
        [
            ("nasbench101", "cifar10", "one", 0.71, 200, True),
            ("nasbench201", "cifar10", "one", 0.66, 1500, False),
            ("nasbench201", "cifar10", "two", -0.12, 50, False),
            ("nasbench201", "cifar100", "two", None, 200, False),
        ],
        columns=["space", "task", "proxy", "rho", "n", "home"],
    )


def test_rows_are_spaces_with_tasks_and_columns_proxies() -> None:
    data = transfer_data(cells())
    assert data.places == PLACES
    assert data.proxies == ["one", "two"]
    np.testing.assert_array_equal(data.rho, [[0.71, np.nan], [0.66, -0.12], [np.nan, np.nan]])
    assert data.text[0] == ["0.71<br>n = 200", NOT_EVALUATED]
    assert data.text[1] == ["0.66<br>n = 1,500", "−0.12<br>n = 50"]
    assert data.text[2] == [NOT_EVALUATED, "ρ undefined<br>n = 200"]
    assert data.home.tolist() == [[True, False], [False, False], [False, False]]


def test_rows_and_columns_can_be_chosen() -> None:
    data = transfer_data(cells(), [("transnas", "jigsaw"), PLACES[1]], ["two", "three"])
    assert data.rho.shape == (2, 2)
    assert math.isnan(data.rho[0, 0])
    assert data.rho[1, 0] == -0.12
    assert data.text[0] == [NOT_EVALUATED] * 2


def test_home_need_not_be_told_and_the_last_of_equal_cells_counts() -> None:
    rows = cells().drop(columns="home").iloc[[0, 0]].assign(rho=[0.1, 0.2])
    data = transfer_data(rows)
    assert data.rho.tolist() == [[0.2]]
    assert not data.home.any()


def test_title_states_the_range_of_what_was_transferred() -> None:
    expected = "Transferred, ρ is −0.12 to 0.66, lowest for two on nasbench201, cifar10"
    assert transfer_data(cells()).title == expected
    assert transfer_data(cells()[:2]).title == "Transferred, ρ is 0.66 (one on nasbench201, cifar10)"
    assert transfer_data(cells()[:1]).title == "Where it was found, ρ is 0.71 (one on nasbench101, cifar10)"
    assert transfer_data(cells()[3:]).title == "Transfer of proxies to other spaces and tasks"


def test_every_cell_can_be_clicked_and_empty_ones_say_so() -> None:
    heat, targets = transfer_figure(transfer_data(cells())).data
    assert (heat.zmin, heat.zmax) == (-1, 1)
    assert list(heat.text[0]) == ["0.71<br>n = 200", ""]
    assert len(targets.x) == 6
    clicked = {tuple(row[:3]) for row in targets.customdata}
    assert clicked == {(*place, proxy) for place in PLACES for proxy in ("one", "two")}
    said = dict(zip(((x, y) for x, y in zip(targets.x, targets.y, strict=True)), targets.text, strict=True))
    assert said["two", "nasbench101<br>cifar10"] == NOT_EVALUATED
    assert said["one", "nasbench101<br>cifar10"] == ""
    assert said["two", "nasbench201<br>cifar100"].startswith("ρ undefined")


def test_a_frame_marks_where_a_proxy_was_found() -> None:
    (frame,) = transfer_figure(transfer_data(cells())).layout.shapes
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (-0.5, 0.5, -0.5, 0.5)


def test_nothing_evaluated() -> None:
    figure = transfer_figure(transfer_data(cells()[:0]))
    assert figure.layout.annotations[0].text == "no proxy evaluated yet"
    waiting = transfer_figure(transfer_data(cells()[:0], PLACES, ["one"]))
    assert list(waiting.data[1].text) == [NOT_EVALUATED] * 3
