"""Tiny copies of CIFAR-10, and what holds for the images of any source."""

import io
import struct
import tarfile
from pathlib import Path

import numpy as np
import pytest

from eproxy_engine import images
from eproxy_engine.errors import UserError

RNG = np.random.default_rng(0)
PIXELS = RNG.integers(0, 256, size=(20, 32, 32, 3), dtype=np.uint8)  # what every copy of the tiny CIFAR-10 holds


def planes(pixels: np.ndarray) -> np.ndarray:
    return pixels.transpose(0, 3, 1, 2).reshape(len(pixels), 3072)


def binary_batch(pixels: np.ndarray) -> bytes:
    labels = np.arange(len(pixels), dtype=np.uint8)[:, None] % 10
    return np.concatenate([labels, planes(pixels)], axis=1).tobytes()


def python2_batch(pixels: np.ndarray) -> bytes:
    """A protocol-2 pickle as Python 2 wrote it: {'data': ndarray, 'labels': […]}, strings as 8-bit BINSTRINGs."""
    content = planes(pixels).tobytes()
    shape = b"J" + struct.pack("<i", len(pixels)) + b"M" + struct.pack("<H", 3072) + b"\x86"
    array = (
        b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R"
        b"(K\x01"
        + shape
        + b"cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
        b"\x89T" + struct.pack("<i", len(content)) + content + b"tb"
    )
    return b"\x80\x02}(U\x04data" + array + b"U\x06labels](" + b"K\x01" * len(pixels) + b"eu."


def write_tar(path: Path, files: dict[str, bytes], kind: str = "w:gz") -> Path:
    with tarfile.open(path, kind) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def halves(name: str, form: object) -> dict[str, bytes]:
    """Two batch files, the second one first, so that order has to come from their numbers."""
    return {name.format(2): form(PIXELS[10:]), name.format(1): form(PIXELS[:10])}  # type: ignore[operator]


def fails(source: str, **options: int) -> str:
    """The one line with which loading fails."""
    with pytest.raises(UserError) as caught:
        images.load_batch(source, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def check_contract(source: str, size: int, most: int = 4) -> None:
    """What holds for a batch of any source."""
    batch = images.load_batch(source, most, size, seed=1)
    assert batch.shape == (most, 3, size, size)
    assert batch.dtype == np.float32
    assert batch.flags.c_contiguous
    assert np.isfinite(batch).all()
    assert np.array_equal(batch, images.load_batch(source, most, size, seed=1))
    assert not np.array_equal(batch, images.load_batch(source, most, size, seed=2))
    assert len(np.unique(batch.reshape(most, -1), axis=0)) == most
