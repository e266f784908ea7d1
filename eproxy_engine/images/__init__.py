"""The mini-batch of images that a proxy sees (§2.1): one small set, the same for every architecture.

A source is named by a text: ``bundled``, ``noise``, ``cifar10``, ``cifar10:PATH`` or ``folder:PATH``.
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
    "bundled": "Patches of photographs that come with this product; nothing is downloaded.",
    "noise": "Gaussian noise instead of images: shows how much real images matter.",
    "cifar10": "CIFAR-10 training images, as in the paper; downloaded once (162 MB).",
    "cifar10:PATH": "CIFAR-10 from your own copy: the binary or Python archive, its folder, or an .npz with `images`.",
    "folder:PATH": "Your own pictures: the PNG, JPEG, BMP and WebP files in a folder, cropped to their centre.",
}


def parse_source(text: str) -> tuple[str, Path | None]:
    """The name (bundled, noise, cifar10, folder) and the path, if any, of a source. Touches no file.

    >>> parse_source("noise")
    ('noise', None)

    Raises: UserError for an unknown name, a path that is missing, or one that the source does not take.
    """
    name, colon, rest = text.strip().partition(":")
    accepted_form = f"{name}:PATH" if colon else name
    if accepted_form not in SOURCES or (colon and not rest.strip()) or "\0" in rest:
        raise UserError(one_of(text, SOURCES, "image source"))
    return name, Path(os.path.expanduser(rest.strip())) if colon else None


def absolute(text: str) -> str:
    """The source with its path, if it has one, absolute: the same from every folder. Raises UserError."""
    name, path = parse_source(text)
    return name if path is None else f"{name}:{path.absolute()}"


def load_batch(source: str, count: int = 16, size: int = 32, seed: int = 0) -> NDArray[np.float32]:
    """The mini-batch: a function of the source's content, ``count``, ``size`` and ``seed`` alone.

    Args:
        source: one of ``SOURCES``.
        count: images in the batch, drawn without replacement.
        size: height and width in pixels.
        seed: of the draw, from 0.

    Returns: shape (count, 3, size, size), float32, C-contiguous; channels normalised with CIFAR-10's mean
        and standard deviation.
    Raises: UserError when the source cannot be used or has fewer than ``count`` images.
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
    assert path is not None  # parse_source lets no folder pass without one
    return _pixels.normalise(folder.draw(path, count, size, seed))


def repeated(batch: NDArray[np.floating]) -> int:
    """How many images of a batch are the same as one before."""
    return len(batch) - len(np.unique(batch.reshape(len(batch), -1), axis=0))


def identity(source: str) -> str:
    """Text that identifies the content of a source, for cache keys; needs no download.

    ``bundled``, ``noise`` and ``cifar10`` are their own identity (and so is any copy of the official CIFAR-10
    batches); other content has a short hash: ``cifar10:1f3b…``, ``folder:9a02…``.
    Raises: UserError when the source cannot be read.
    """
    name, path = parse_source(source)
    if name == "cifar10":
        return cifar10.identity(path)
    return folder.identity(path) if path is not None else name
