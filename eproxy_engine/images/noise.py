"""Gaussian noise instead of images: a control that shows what real images contribute."""

import numpy as np
from numpy.typing import NDArray

from eproxy_engine.images import _pixels


def draw(count: int, size: int, seed: int) -> NDArray[np.float32]:
    """Draw standard normal noise, shape (count, 3, size, size), on the scale of normalised images, unclipped."""
    return _pixels.generator(seed).standard_normal((count, 3, size, size), dtype=np.float32)
