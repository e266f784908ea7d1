"""Standard output for a command's answer alone, whatever plug-ins and libraries print."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from eproxy_engine.errors import UserError

_kept: TextIO | None = None
"""Stream of the answer while all other output goes to standard error."""


def answers() -> TextIO:
    """Return the stream for a command's answer."""
    return _kept or sys.stdout


@contextmanager
def kept_for_answers() -> Iterator[None]:
    """Send what Python code prints to standard error, unless it is printed to :func:`answers`."""
    global _kept
    before, stdout = _kept, sys.stdout
    _kept, sys.stdout = answers(), sys.stderr
    try:
        yield
    finally:
        _kept, sys.stdout = before, stdout


@contextmanager
def taken_over() -> Iterator[None]:
    """Let a command-line process write to standard output through ``sys.stdout`` alone.

    What C code, other processes or the end of this one print goes to standard error. Characters that the locale's
    encoding lacks become question marks.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started the program
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    stdout = sys.stdout
    descriptor = _Descriptor(os.dup(stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), stdout.fileno())
    sys.stdout = io.TextIOWrapper(io.BufferedWriter(descriptor), stdout.encoding, errors="replace")
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stdout = sys.stderr


class _Descriptor(io.FileIO):
    """File that reports a failed write once and drops the rest, because Python would try again at its end."""

    _failed = False

    def write(self, content: Any, /) -> int:
        if self._failed:
            return len(content)
        try:
            return super().write(content)
        except BrokenPipeError:  # the reader has read enough
            self._failed = True
            raise
        except OSError as error:
            self._failed = True
            raise UserError(
                f"the answer cannot be written to standard output: {error.strerror}; "
                "nothing is lost: runs and evaluations are kept"
            ) from error
