"""Reading untrusted files, which may be damaged or malicious.

Libraries raise anything on them: zipfile an IndexError, json a RecursionError, PyYAML an AttributeError. All code that
reads such files uses this module, which turns every error into one line for the user.
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
"""Maximum size of a file that is read at once."""
LONGEST_REASON = 300
TEXT = "a text, saved as UTF-8"


@contextmanager
def reading(what: str, accepted: str) -> Iterator[None]:
    """Turn any error in the block into the UserError ``WHAT cannot be read: REASON; accepted: ACCEPTED``.

    Put only code that touches the bytes in the block: a bug of ours would look like a damaged file.

    Args:
        what: What is being read, with the value, such as ``the file 'a.csv'``.
        accepted: What would be accepted.

    Raises:
        UserError: If the block raises anything.

    Example:
        >>> with reading("the file 'a.json'", "JSON"):
        ...     {}["score"]
        Traceback (most recent call last):
        eproxy_engine.errors.UserError: the file 'a.json' cannot be read: KeyError 'score'; accepted: JSON
    """
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        raise UserError(f"{what} cannot be read: {reason(error)}; accepted: {accepted}") from error


def reason(error: Exception) -> str:
    """Describe an error in one line, without the path, which the surrounding message names."""
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, MemoryError):
        return "it needs more memory than is available"
    said = shortened(getattr(error, "strerror", None) or str(error), LONGEST_REASON)
    means_nothing_alone = isinstance(error, LookupError | TypeError | AttributeError | AssertionError)
    return f"{type(error).__name__} {said}".strip() if means_nothing_alone else said or type(error).__name__


def read_bytes(path: str | Path, accepted: str, most: int = MOST_BYTES) -> bytes:
    """Read a file of at most ``most`` bytes.

    Args:
        path: The file.
        accepted: What would be accepted, for the error message.
        most: Maximum size in bytes; no more are read.

    Raises:
        UserError: If the file cannot be read or is larger.
    """
    what = f"the file {str(path)!r}"
    with reading(what, accepted), open(path, "rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise UserError(f"{what} has more than {most:,} bytes; accepted: up to {most:,}")
    return content


def read_text(path: str | Path) -> str:
    """Read a UTF-8 text file. Raises UserError."""
    return text_of(read_bytes(path, TEXT), f"the file {str(path)!r}")


def text_of(content: bytes, what: str) -> str:
    """Decode the content of ``what`` as UTF-8. Raises UserError."""
    with reading(what, TEXT):
        return content.decode("utf-8-sig")


def open_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    """Open a member of a zip archive. Raises ValueError for compressions that use as much memory as the file says."""
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError(f"its compression {info.compress_type} is not supported; use deflate or none")
    return archive.open(info)


class Bounded(io.RawIOBase):
    """File that unpacks while it is read and raises ValueError beyond ``most`` bytes."""

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
