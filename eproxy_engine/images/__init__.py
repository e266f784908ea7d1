"""The mini-batch of images that a proxy sees (§2.1): one small set, the same for every architecture.

The source is one of ``bundled``, ``noise``, ``cifar10``, ``cifar10:PATH`` and ``folder:PATH``.
"""

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eproxy_engine.errors import UserError, one_of
from eproxy_engine.images import _pixels, bundled, cifar10, folder, noise
from eproxy_engine.images._pixels import MEAN, STD

__all__ = ["MEAN", "SOURCES", "STD", "absolute", "identity", "load_batch", "parse_source", "repeated"]

SOURCES: dict[str, str] = {
    "bundled": "Patches of bundled photographs; no download.",
    "noise": "Gaussian noise instead of images: shows how much real images matter.",
    "cifar10": "CIFAR-10 training images, as in the paper; downloaded once (162 MB).",
    "cifar10:PATH": "CIFAR-10 from your own copy: the binary or Python archive, its folder, or an .npz with `images`.",
    "folder:PATH": "Your own pictures: the PNG, JPEG, BMP and WebP files in a folder, cropped to their centre.",
}


def parse_source(text: str) -> tuple[str, Path | None]:
    """Split a source into its name and its path, if any, without touching files.

    Args:
        text: One of :data:`SOURCES`.

    Returns:
        The name (bundled, noise, cifar10 or folder) and the path or None.

    Raises:
        UserError: If the name is unknown, the path is missing, or the source takes no path.

    Example:
        >>> parse_source("noise")
        ('noise', None)
    """
    name, colon, rest = text.strip().partition(":")
    accepted_form = f"{name}:PATH" if colon else name
    if accepted_form not in SOURCES or (colon and not rest.strip()) or "\0" in rest:
        raise UserError(one_of(text, SOURCES, "image source"))
    return name, Path(os.path.expanduser(rest.strip())) if colon else None


def absolute(text: str) -> str:
    """Make the path of a source, if any, absolute, so that it means the same in every folder. Raises UserError."""
    name, path = parse_source(text)
    return name if path is None else f"{name}:{path.absolute()}"


def load_batch(source: str, count: int = 16, size: int = 32, seed: int = 0) -> NDArray[np.float32]:
    """Draw a mini-batch, determined by the source's content, ``count``, ``size`` and ``seed`` alone.

    Args:
        source: One of :data:`SOURCES`.
        count: Images in the batch, drawn without replacement.
        size: Height and width in pixels.
        seed: Seed of the draw, at least 0.

    Returns:
        Shape (count, 3, size, size), float32, C-contiguous; channels normalised with CIFAR-10's mean and standard
        deviation.

    Raises:
        UserError: If the source cannot be used or has fewer than ``count`` images.

    Example:
        >>> load_batch("noise", count=2, size=8).shape
        (2, 3, 8, 8)
    """
    for what, value, least in (("count", count, 1), ("size", size, 1), ("seed", seed, 0)):
        if value < least:
            raise UserError(f"`{what} >= {least}` must hold for images, but got {what}={value}")
    name, path = parse_source(source)
    if name == "noise":
        return noise.draw(count, size, seed)
    if name == "bundled":
        return _pixels.normalise(bundled.draw(count, size, seed))
    if name == "cifar10":
        return _pixels.normalise(cifar10.draw(path, count, size, seed))
    assert path is not None  # parse_source requires one for a folder
    return _pixels.normalise(folder.draw(path, count, size, seed))


def repeated(batch: NDArray[np.floating]) -> int:
    """Count the images of a batch that equal an earlier one."""
    return len(batch) - len(np.unique(batch.reshape(len(batch), -1), axis=0))


def identity(source: str) -> str:
    """Return a text that identifies the content of a source, for cache keys, without downloading.

    Args:
        source: One of :data:`SOURCES`.

    Returns:
        ``bundled``, ``noise`` or ``cifar10`` for these sources (``cifar10`` also for copies of the official CIFAR-10
        batches); a short hash for other content: ``cifar10:1f3b…``, ``folder:9a02…``.

    Raises:
        UserError: If the source cannot be read.
    """
    name, path = parse_source(source)
    if name == "cifar10":
        return cifar10.identity(path)
    return folder.identity(path) if path is not None else name
