"""The user's own pictures: the PNG, JPEG, BMP and WebP files directly inside one folder."""

import hashlib
import os
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from eproxy_engine.errors import UserError
from eproxy_engine.foreign import read_bytes, reading
from eproxy_engine.images import _pixels

ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".webp")
_ACCEPTED = "PNG, JPEG, BMP and WebP pictures"
_PNG = b"\x89PNG\r\n\x1a\n"
_DEPTH_AND_COLOURS = slice(24, 26)  # in the header, which comes first
_SIXTEEN_BITS_OF_GREY = b"\x10\x00"
LARGEST_FILE = 200_000_000
"""Maximum size of a picture, in bytes."""


def draw(path: Path, count: int, size: int, seed: int) -> _pixels.Pixels:
    """Draw ``count`` distinct pictures of the folder, shape (count, size, size, 3), uint8, in seeded order.

    Raises UserError if the folder or a picture cannot be used, or if there are too few pictures.
    """
    files = pictures(path)
    _pixels.check_enough(f"folder:{path}", count, len(files))
    chosen = _pixels.generator(seed).permutation(len(files))[:count]
    return np.stack([_read(files[i], size) for i in chosen])


def identity(path: Path) -> str:
    """Return ``folder:`` and a short hash of the pictures' names and contents. Raises UserError like ``draw``."""
    files = pictures(path)
    with reading(f"the folder {str(path)!r}", f"a folder with {_ACCEPTED}"):
        stamps = tuple((file, file.stat().st_mtime_ns, file.stat().st_size) for file in files)
    return _identity(stamps)


@lru_cache(maxsize=8)
def _identity(files: tuple[tuple[Path, int, int], ...]) -> str:
    """Hash the files, once for an unchanged time and size, because every evaluation asks."""
    digest = hashlib.sha256()
    for file, _, _ in files:
        content = read_bytes(file, f"intact {_ACCEPTED}", LARGEST_FILE)
        digest.update(f"{file.name}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
        digest.update(content)
        if content.startswith(_PNG) and content[_DEPTH_AND_COLOURS] == _SIXTEEN_BITS_OF_GREY:
            digest.update(b"scaled")  # invalidates evaluations made before such pictures were scaled
    return f"folder:{digest.hexdigest()[:12]}"


def pictures(path: Path) -> list[Path]:
    """List the folder's picture files sorted by name, without hidden ones and subfolders.

    Raises UserError if the folder is missing or unreadable, has no pictures, or has a link to a picture outside.
    """
    if not os.path.isdir(path):  # pathlib's method raises for some paths
        raise UserError(f"no such folder {str(path)!r}; accepted: a folder with {_ACCEPTED}")
    with reading(f"the folder {str(path)!r}", f"a folder with {_ACCEPTED}"):
        listed = sorted(path.iterdir(), key=lambda file: file.name)
    files = [f for f in listed if f.suffix.lower() in ENDINGS and not f.name.startswith(".") and os.path.isfile(f)]
    if not files:
        raise UserError(f"no pictures in the folder {str(path)!r}; accepted: {_ACCEPTED}, not in subfolders")
    for file in files:
        if not file.resolve().is_relative_to(path.resolve()):
            raise UserError(f"{str(file)!r} links to a file outside its folder; accepted: pictures in the folder")
    return files


def _read(file: Path, size: int) -> _pixels.Pixels:
    """Read one picture, rotated upright as its camera marked it, shape (size, size, 3), uint8."""
    with (
        reading(f"the picture {str(file)!r}", f"intact {_ACCEPTED}"),
        Image.open(file, formats=("PNG", "JPEG", "BMP", "WEBP")) as picture,
    ):
        return _pixels.fit(ImageOps.exif_transpose(picture), size)
