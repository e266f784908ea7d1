"""The mosaic of a target: tiles, gaps, symmetric colours."""

import numpy as np
import pytest

from app.charts.targets import target_data, target_figure


def numbered(batch: int, channels: int) -> np.ndarray:
    """Every pixel of a map holds the number of its channel, plus 1000 times its image."""
    maps = np.arange(1.0, channels + 1)[None, :, None, None] + 1000 * np.arange(batch)[:, None, None, None]
    return np.broadcast_to(maps, (batch, channels, 8, 8))


def test_four_rows_of_eight_tiles_with_gaps() -> None:
    data = target_data(numbered(2, 64))
    assert data.mosaic.shape == data.channel.shape == (4 * 9 - 1, 8 * 9 - 1)
    assert data.title == "Target, deepest branch: 32 of 64 channels"
    assert np.isnan(data.mosaic[8]).all()
    assert np.isnan(data.mosaic[:, 8::9]).all()
    drawn = ~np.isnan(data.mosaic)
    assert drawn.sum() == 32 * 64
    np.testing.assert_array_equal(data.mosaic[drawn], data.channel[drawn])
    assert data.mosaic[9, 9] == 10


def test_orientation_of_a_tile_is_kept() -> None:
    one = np.arange(64.0).reshape(1, 1, 8, 8)
    data = target_data(one)
    np.testing.assert_array_equal(data.mosaic, one[0, 0])
    assert target_figure(data).layout.yaxis.autorange == "reversed"


def test_another_image_branch_and_number_of_channels() -> None:
    data = target_data(numbered(2, 12), "second branch", image=1, channels=9)
    assert data.mosaic[0, 0] == 1001
    assert data.title == "Target, second branch: 9 of 12 channels"
    assert data.rows == 2
    assert np.isnan(data.mosaic[9:, 9:]).all()
    with pytest.raises(IndexError):
        target_data(numbered(2, 12), image=2)


def test_title_of_few_channels() -> None:
    assert target_data(numbered(1, 3)).title == "Target, deepest branch: 3 channels"


@pytest.mark.parametrize(("value", "limit"), [(-3.0, 3.0), (0.0, 1.0), (0.5, 0.5)])
def test_colours_are_symmetric_around_zero(value: float, limit: float) -> None:
    figure = target_figure(target_data(np.full((1, 4, 8, 8), value)))
    assert (figure.data[0].zmin, figure.data[0].zmax) == (-limit, limit)


def test_pixels_are_square_and_unlabelled() -> None:
    layout = target_figure(target_data(numbered(1, 8))).layout
    assert layout.yaxis.scaleanchor == "x"
    assert layout.xaxis.visible is layout.yaxis.visible is False


def test_no_channels() -> None:
    figure = target_figure(target_data(np.zeros((1, 0, 8, 8))))
    assert figure.layout.annotations[0].text == "no channels"
