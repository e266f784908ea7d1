"""Helpers of all image sources: pixels to network input, seeded draws, and the check of their number."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from eproxy_engine.errors import UserError

Pixels = NDArray[np.uint8]

MEAN = (0.4914, 0.4822, 0.4465)  # of the CIFAR-10 training images, per channel, in units of 255
STD = (0.2470, 0.2435, 0.2616)


def generator(seed: int) -> np.random.Generator:
    """Return the generator behind every draw of images.

    The constant makes the ``noise`` batch differ from other arrays that are drawn with the same seed.
    """
    return np.random.default_rng([0x1336E5, seed])


def normalise(pictures: Pixels) -> NDArray[np.float32]:
    """Turn uint8 pictures (n, size, size, 3) into C-contiguous float32 network input (n, 3, size, size)."""
    scaled = pictures.astype(np.float32) / np.float32(255)
    scaled -= np.array(MEAN, dtype=np.float32)
    scaled /= np.array(STD, dtype=np.float32)
    return np.ascontiguousarray(scaled.transpose(0, 3, 1, 2))


def fit(picture: Image.Image, size: int) -> Pixels:
    """Crop a picture to its centre square and resample it (Lanczos) to shape (size, size, 3), uint8.

    Raises ValueError for floating-point pictures, whose white level is unknown.
    """
    if picture.mode == "F":
        raise ValueError("its colours are floating-point numbers")
    if picture.mode.startswith("I"):  # 16-bit grey, which `convert` would clip to 8 bits
        picture = Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8))
    return np.asarray(ImageOps.fit(picture.convert("RGB"), (size, size), Image.Resampling.LANCZOS))


def check_enough(source: str, count: int, available: int) -> None:
    """Raise UserError if a source has fewer than ``count`` images."""
    if count > available:
        accepted = f"a count of 1 to {available}" if available else "a smaller size"
        raise UserError(f"cannot draw {count} images from {source}, which has {available}; accepted: {accepted}")
