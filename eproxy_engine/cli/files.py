"""Files that commands read and write, with errors that name them."""

from __future__ import annotations

from pathlib import Path

from eproxy_engine import spaces
from eproxy_engine.errors import UserError
from eproxy_engine.sampling import Sample


def read(path: str) -> str:
    """The text of a file. Raises UserError."""
    try:
        return Path(path).read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"the file {path!r} cannot be read: {getattr(error, 'strerror', None) or error}") from error


def write(path: str, content: str | bytes) -> None:
    """Write a file. Raises UserError."""
    try:
        Path(path).write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise UserError(f"the file {path!r} cannot be written: {error.strerror}") from error


def architectures(space: str, path: str) -> tuple[str, ...]:
    """The architectures in a file, one a line, ``#`` begins a comment. Raises UserError."""
    family = spaces.get(space)
    lines = [line.strip() for line in read(path).splitlines()]
    return tuple(str(family.parse(line)) for line in lines if line and not line.startswith("#"))


def sample(space: str, path: str | None, rule: str, size: int, seed: int, draw: int | None) -> Sample:
    """The architectures in the file ``path``, else a sample drawn with ``draw`` or ``seed``. Raises UserError."""
    if path is not None:
        return Sample("picked", picked=architectures(space, path))
    return Sample(rule, size, seed if draw is None else draw)
