"""What all image sources share: pixels to network input, seeded draws, and the errors about their number."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from eproxy_engine.errors import UserError

Pixels = NDArray[np.uint8]

MEAN = (0.4914, 0.4822, 0.4465)  # of the CIFAR-10 training images, per channel, in units of 255
STD = (0.2470, 0.2435, 0.2616)


def generator(seed: int) -> np.random.Generator:
    """The generator behind every draw of images.

    The constant keeps the ``noise`` batch of a seed apart from other arrays that are drawn with the same seed.
    """
    return np.random.default_rng([0x1336E5, seed])


def normalise(pictures: Pixels) -> NDArray[np.float32]:
    """uint8 pictures, shape (n, size, size, 3), as C-contiguous float32 network input, shape (n, 3, size, size)."""
    scaled = pictures.astype(np.float32) / np.float32(255)
    scaled -= np.array(MEAN, dtype=np.float32)
    scaled /= np.array(STD, dtype=np.float32)
    return np.ascontiguousarray(scaled.transpose(0, 3, 1, 2))


def fit(picture: Image.Image, size: int) -> Pixels:
    """The centre square of a picture, resampled (Lanczos) to shape (size, size, 3), uint8.

    Raises: ValueError for a picture whose numbers do not say what is white.
    """
    if picture.mode == "F":
        raise ValueError("its colours are floating-point numbers")
    if picture.mode.startswith("I"):  # 16 bits of grey, which `convert` would clip to 8
        picture = Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8))
    return np.asarray(ImageOps.fit(picture.convert("RGB"), (size, size), Image.Resampling.LANCZOS))


def check_enough(source: str, count: int, available: int) -> None:
    """Raise UserError when a source has fewer images than are asked for."""
    if count > available:
        accepted = f"a count of 1 to {available}" if available else "a smaller size"
        raise UserError(f"cannot draw {count} images from {source}, which has {available}; accepted: {accepted}")
