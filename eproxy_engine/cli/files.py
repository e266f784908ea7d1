"""Files that commands read and write, with errors that name them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from eproxy_engine import spaces
from eproxy_engine.errors import UserError
from eproxy_engine.foreign import read_text
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring import Member
from eproxy_engine.spaces.formats import several


def write(path: str, content: str | bytes) -> None:
    """Write a file. Raises UserError."""
    try:
        Path(path).write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise UserError(f"the file {path!r} cannot be written: {error.strerror}") from error


def architectures(space: str, path: str) -> tuple[str, ...]:
    """Read the architectures in a file, as :func:`~eproxy_engine.spaces.formats.several` does. Raises UserError."""
    found = list(several(spaces.get(space), read_text(path)))
    for each in found:
        if each.error is not None:
            raise UserError(f"the file {path!r}, line {each.line}: {each.error}")
    return tuple(each.architecture for each in found if each.architecture is not None)


def changed(member: Member, settings: Iterable[str]) -> Member:
    """Return the proxy with each ``KEY=VALUE`` set. Raises UserError."""
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals:
            raise UserError(f"--set {setting!r}; accepted: KEY=VALUE")
        member = member.replace(key, value)
    return member


def with_width(settings: tuple[str, ...], width: str | None) -> list[str]:
    """Return the settings with that of ``--width``."""
    return [*settings, *([f"width={width}"] if width else [])]


def sample(space: str, path: str | None, rule: str, size: int, seed: int, draw: int | None) -> Sample:
    """Return the architectures in the file ``path``, or else a sample drawn with ``draw`` or ``seed``.

    Raises:
        UserError: If the file cannot be read or has a line that is not an architecture.
    """
    if path is not None:
        return Sample("picked", picked=architectures(space, path))
    return Sample(rule, size, seed if draw is None else draw)
