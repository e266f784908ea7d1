"""Bytes from elsewhere: files that somebody else may have made, damaged, or built to do harm.

What the libraries raise on them knows no limits: zipfile an IndexError, json a RecursionError, PyYAML an
AttributeError. Whatever reads such bytes does it by what is here, and its user gets one line.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from eproxy_engine.errors import UserError, shortened

MOST_BYTES = 50_000_000
"""Of a file that is read at once."""
LONGEST_REASON = 300
TEXT = "a text, saved as UTF-8"


@contextmanager
def reading(what: str, accepted: str) -> Iterator[None]:
    """Any error within becomes the UserError ``WHAT cannot be read: REASON; accepted: ACCEPTED``.

    Only what touches the bytes belongs within: there, a mistake of ours would pass for one of the file.
    """
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        raise UserError(f"{what} cannot be read: {reason(error)}; accepted: {accepted}") from error


def reason(error: Exception) -> str:
    """What went wrong, in one line, without the path that the message around it names."""
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, MemoryError):
        return "it needs more memory than there is"
    said = shortened(getattr(error, "strerror", None) or str(error), LONGEST_REASON)
    means_nothing_alone = isinstance(error, LookupError | TypeError | AttributeError | AssertionError)
    return f"{type(error).__name__} {said}".strip() if means_nothing_alone else said or type(error).__name__


def read_bytes(path: str | Path, accepted: str, most: int = MOST_BYTES) -> bytes:
    """The content of a file of at most so many bytes; no more than that is read. Raises UserError."""
    what = f"the file {str(path)!r}"
    with reading(what, accepted), open(path, "rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise UserError(f"{what} has more than {most:,} bytes; accepted: up to {most:,}")
    return content


def read_text(path: str | Path) -> str:
    """The text of a file. Raises UserError."""
    return text_of(read_bytes(path, TEXT), f"the file {str(path)!r}")


def text_of(content: bytes, what: str) -> str:
    """The text in the content of ``what``. Raises UserError."""
    with reading(what, TEXT):
        return content.decode("utf-8-sig")


def open_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    """A member of a zip archive. Raises ValueError for compressions that take as much memory as the archive says."""
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError(f"its compression {info.compress_type} is neither none nor deflation")
    return archive.open(info)


class Bounded(io.RawIOBase):
    """A file that unpacks while it is read, to no more than ``most`` bytes: beyond them, it raises ValueError."""

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file, self._most = file, most

    def read(self, size: int = -1) -> bytes:
        left = self._most - self._file.tell()
        content = self._file.read(left + 1 if size < 0 else min(size, left + 1))
        self._check(self._file.tell())
        return content

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        assert whence == io.SEEK_SET
        self._check(place)
        return self._file.seek(place)

    def tell(self) -> int:
        return self._file.tell()

    def _check(self, place: int) -> None:
        if place > self._most:
            raise ValueError(f"it unpacks to more than {self._most:,} bytes")
