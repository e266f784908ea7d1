"""CIFAR-10's training images, downloaded once into the data directory or read from the user's own copy."""

import hashlib
import os
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

from eproxy_engine import home
from eproxy_engine.errors import UserError
from eproxy_engine.images import _pixels, cifar10_files

URL = "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"
MD5 = "c32a1d4ab5d03f1284b67883e8d87530"

# The sum of each colour over the 50,000 training images, from their published means (125.306918046875,
# 122.950394140625, 113.86538318359375): recognises the data set in every file format.
_OFFICIAL_COUNT = 50_000
_OFFICIAL_SUMS = (6_415_714_204, 6_295_060_180, 5_829_907_619)


def draw(path: Path | None, count: int, size: int, seed: int) -> _pixels.Pixels:
    """Draw ``count`` distinct images, shape (count, size, size, 3), uint8, resampled if they have another size.

    Args:
        path: An archive, folder or .npz as in ``cifar10_files.ACCEPTED``; None for the data directory's archive.
        count: Number of images.
        size: Height and width in pixels.
        seed: Seed of their order.

    Raises:
        UserError: If files cannot be used, there are too few images, or the download fails.
    """
    images = _read(download() if path is None else path)
    _pixels.check_enough("cifar10" if path is None else f"cifar10:{path}", count, len(images))
    chosen = images[_pixels.generator(seed).permutation(len(images))[:count]]
    if chosen.shape[1:3] == (size, size):
        return chosen
    return np.stack([_pixels.fit(Image.fromarray(np.ascontiguousarray(image)), size) for image in chosen])


def identity(path: Path | None) -> str:
    """Return ``cifar10`` for the official training images in official order, else append a short hash of the pixels.

    An .npz is always hashed, because its order, and so the draw, may differ. Raises UserError like ``draw``.
    """
    return "cifar10" if path is None else _identity_of(path, _stamp(path))


def download() -> Path:
    """Return the data directory's archive, downloading it if it is missing or damaged.

    Raises UserError that says what failed and how to avoid the download.
    """
    import pooch  # here, because it imports requests, which few runs need

    folder = home.data_directory() / "images"
    try:
        return Path(pooch.retrieve(URL, known_hash=f"md5:{MD5}", fname="cifar-10-binary.tar.gz", path=folder))
    except Exception as error:  # network, proxy, disk, checksum: the way out is always the same
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise UserError(
            f"the CIFAR-10 images could not be downloaded ({reason}); get {URL} yourself and use cifar10:PATH"
        ) from error


def _read(path: Path) -> _pixels.Pixels:
    """Read all images in any accepted form, shape (n, height, width, 3), uint8."""
    if not (os.path.isfile(path) or os.path.isdir(path)):  # pathlib's methods raise for some paths
        raise UserError(f"no such file or folder {str(path)!r}; accepted: {cifar10_files.ACCEPTED}")
    return cifar10_files.read_npz(path) if _is_npz(path) else cifar10_files.read_batches(path)


def _is_npz(path: Path) -> bool:
    return path.suffix.lower() == ".npz" and path.is_file()


def _stamp(path: Path) -> tuple[tuple[str, int, int], ...]:
    """Return name, time and length of the file or of everything in the folder, which change with the content."""
    try:
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        return tuple((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files)
    except OSError:
        return ()  # reading will say what is wrong


@lru_cache(maxsize=16)  # decompressing the archive takes seconds, and every evaluation's key needs it
def _identity_of(path: Path, stamp: tuple[tuple[str, int, int], ...]) -> str:
    images = _read(path)
    if not _is_npz(path) and len(images) == _OFFICIAL_COUNT:
        sums = sum(part.sum(axis=(0, 1, 2), dtype=np.int64) for part in np.array_split(images, 50))
        if tuple(sums) == _OFFICIAL_SUMS:
            return "cifar10"
    digest = hashlib.sha256(str(images.shape).encode())
    digest.update(images.tobytes())
    return f"cifar10:{digest.hexdigest()[:12]}"
