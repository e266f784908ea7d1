"""The mosaic of the mini-batch: the original pixels come back."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from app.charts.images import images_data, images_figure
from eproxy_engine.images._pixels import normalise

PICTURES = np.random.default_rng(0).integers(0, 256, (16, 32, 32, 3), dtype=np.uint8)


def test_original_pixels_come_back() -> None:
    data = images_data(normalise(PICTURES))
    assert data.mosaic.shape == (2 * 34 - 2, 8 * 34 - 2, 4)
    np.testing.assert_array_equal(data.mosaic[:32, :32, :3], PICTURES[0])
    np.testing.assert_array_equal(data.mosaic[34:66, 34:66, :3], PICTURES[9])


def test_gaps_and_missing_tiles_are_clear() -> None:
    data = images_data(normalise(PICTURES[:9]))
    opaque = data.mosaic[..., 3]
    assert (opaque == 255).sum() == 9 * 32 * 32
    assert not opaque[32:34].any()
    assert not opaque[34:, 34:].any()


@pytest.mark.parametrize(("value", "shown"), [(100.0, 255), (-100.0, 0)])
def test_values_outside_the_range_are_clipped(value: float, shown: int) -> None:
    data = images_data(np.full((1, 3, 32, 32), value, dtype=np.float32))
    assert (data.mosaic[..., :3] == shown).all()


def test_figure_holds_the_mosaic() -> None:
    data = images_data(normalise(PICTURES))
    figure = images_figure(data)
    source = figure.data[0].source
    decoded = np.asarray(Image.open(io.BytesIO(base64.b64decode(source.partition(",")[2]))))
    np.testing.assert_array_equal(decoded, data.mosaic)
    assert figure.layout.title.text == "The proxy sees 16 images of 32×32 pixels"
    assert figure.layout.xaxis.visible is False


def test_one_and_none() -> None:
    assert images_data(normalise(PICTURES[:1])).title == "The proxy sees 1 image of 32×32 pixels"
    figure = images_figure(images_data(np.zeros((0, 3, 32, 32), dtype=np.float32)))
    assert figure.layout.annotations[0].text == "no images"
