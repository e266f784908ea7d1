"""Reading CIFAR-10 from binary or Python batches, in an archive or a folder, or from ``.npz``.

Format: https://www.cs.toronto.edu/~kriz/cifar.html. Files are untrusted, so nothing is extracted or unpickled.
"""

import gzip
import io
import pickletools
import re
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, NamedTuple, cast

import numpy as np

from eproxy_engine.errors import UserError
from eproxy_engine.foreign import Bounded, open_member, read_bytes, reading
from eproxy_engine.images._pixels import Pixels

ACCEPTED = (
    "cifar-10-binary.tar.gz, cifar-10-python.tar.gz, a folder with their data_batch files, "
    "or an .npz with `images` (uint8, n x height x width x 3)"
)
IMAGE_BYTES = 3 * 32 * 32
_LARGEST_FILE = 64 * 2**20  # an official batch has 31 MB; a small archive can unpack to any size
_LARGEST_ARCHIVE = 256 * 2**20  # unpacked; the official ones have 178 MB
_LARGEST_ARRAY = 2**31
_BATCH = re.compile(r"(?:\./)?(?:cifar-10-batches-(?:bin|py)/)?data_batch_(\d{1,3})(\.bin)?")
_GZIP = b"\x1f\x8b"
_STRING_OPCODES = ("BINSTRING", "BINBYTES", "BINBYTES8", "BYTEARRAY8", "BINUNICODE", "BINUNICODE8")


class Batch(NamedTuple):
    """One data_batch file: its name, its number in the data set, whether it is binary, and its bytes."""

    name: str
    number: int
    binary: bool
    content: bytes


def read_batches(path: Path) -> Pixels:
    """Read all images of an archive or a folder in the order of their batches, shape (n, 32, 32, 3), uint8.

    Raises UserError if there are none or a file is malformed.
    """
    files = _folder_batches(path) if path.is_dir() else _archive_batches(path)
    planes = [from_binary(b) if b.binary else from_python(b) for b in sorted(files, key=lambda b: b.number)]
    if not planes:
        raise UserError(f"no data_batch files in {str(path)!r}; accepted: {ACCEPTED}")
    return np.concatenate(planes).reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)


def read_npz(path: Path) -> Pixels:
    """Read the array ``images`` of an .npz file, shape (n, height, width, 3), uint8. Raises UserError otherwise."""
    with (
        reading(repr(str(path)), ACCEPTED),
        zipfile.ZipFile(path) as archive,
        open_member(archive, archive.getinfo("images.npy")) as member,
    ):
        images = np.lib.format.read_array(Bounded(member, _LARGEST_ARRAY), allow_pickle=False)
    if images.dtype != np.uint8 or images.ndim != 4 or images.shape[3] != 3 or images.size == 0:
        raise UserError(
            f"`images` in {str(path)!r} has shape {images.shape} and type {images.dtype}; "
            "accepted: n x height x width x 3, uint8"
        )
    return images


def from_binary(batch: Batch) -> Pixels:
    """Return the colour planes, shape (n, 3072), uint8, of records of a label byte and the planes. Raises UserError."""
    if not batch.content or len(batch.content) % (1 + IMAGE_BYTES):
        raise UserError(
            f"{batch.name!r} has {len(batch.content)} bytes; accepted: records of {1 + IMAGE_BYTES} bytes, at least one"
        )
    return np.frombuffer(batch.content, dtype=np.uint8).reshape(-1, 1 + IMAGE_BYTES)[:, 1:]


def from_python(batch: Batch) -> Pixels:
    """Return the colour planes, shape (n, 3072), uint8, of a pickled batch without unpickling it. Raises UserError.

    Unpickling would execute the pickle. It is only listed here: the planes are its longest string, which Python 2
    wrote as bytes and Python 3 may write as Latin-1 text.
    """
    longest: bytes | bytearray | str = b""
    with reading(f"the pickle {batch.name!r}", ACCEPTED):
        for opcode, argument, _ in pickletools.genops(io.BytesIO(batch.content)):
            if opcode.name in _STRING_OPCODES and isinstance(argument, bytes | bytearray | str):
                longest = max(longest, argument, key=len)
        planes = longest.encode("latin-1") if isinstance(longest, str) else longest
    if not planes or len(planes) % IMAGE_BYTES:
        raise UserError(
            f"{batch.name!r} has {len(planes)} bytes of pixels; accepted: images of {IMAGE_BYTES} bytes, at least one"
        )
    return np.frombuffer(planes, dtype=np.uint8).reshape(-1, IMAGE_BYTES)


def _archive_batches(path: Path) -> Iterator[Batch]:
    with reading(repr(str(path)), ACCEPTED), ExitStack() as stack:
        file: IO[bytes] = stack.enter_context(path.open("rb"))
        if file.read(len(_GZIP)) == _GZIP:
            file = cast(IO[bytes], stack.enter_context(gzip.open(path)))
        file.seek(0)
        with tarfile.open(fileobj=Bounded(file, _LARGEST_ARCHIVE), mode="r:") as archive:
            for member in archive:
                match = _BATCH.fullmatch(member.name)
                if match and member.isreg():
                    _check_length(member.name, member.size)
                    opened = archive.extractfile(member)
                    assert opened is not None  # a regular member always opens
                    yield Batch(member.name, int(match[1]), match[2] is not None, opened.read())


def _folder_batches(path: Path) -> Iterator[Batch]:
    with reading(repr(str(path)), ACCEPTED):
        files = sorted(file for file in path.iterdir() if file.is_file())
    for file in files:
        match = _BATCH.fullmatch(file.name)
        if match:
            content = read_bytes(file, ACCEPTED, _LARGEST_FILE)
            yield Batch(str(file), int(match[1]), match[2] is not None, content)


def _check_length(name: str, length: int) -> None:
    if length > _LARGEST_FILE:
        raise UserError(f"{name!r} has {length} bytes; accepted: batches of at most {_LARGEST_FILE} bytes")
