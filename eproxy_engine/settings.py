"""User settings: ``settings.yaml`` in the data directory.

Its only key so far is ``plugins``: a list of Python modules that add search spaces or proxies
(:mod:`eproxy_engine.spaces.plugins`).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import yaml
from filelock import FileLock

from eproxy_engine.documents import read_yaml
from eproxy_engine.errors import UserError, one_of, shown
from eproxy_engine.foreign import read_text, reason
from eproxy_engine.home import data_directory

HEADER = "# Settings of Eproxy Studio. `python -m eproxy_engine plugins` edits the list of plug-ins.\n"


@dataclass(frozen=True)
class Settings:
    """All settings; those missing from the file have their defaults."""

    plugins: tuple[str, ...] = ()
    """Names of modules that can be imported, or absolute paths of .py files."""


def path() -> Path:
    """Return the path of the file, which may be missing."""
    return data_directory() / "settings.yaml"


def load() -> Settings:
    """Load the settings. Relative paths in the file start from its folder.

    Raises:
        UserError: If the file cannot be read or is not valid.
    """
    file = path()
    if not os.path.exists(file):
        return Settings()
    text = read_text(file)
    try:
        return _checked(read_yaml(text))
    except UserError as error:
        raise UserError(f"the settings {str(file)!r} cannot be used: {error}") from error


def change(edit: Callable[[Settings], Settings]) -> Settings:
    """Replace the settings by what ``edit`` makes of them, whole or not at all.

    Raises:
        UserError: If the file cannot be read or written.
    """
    file = path()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(file.with_suffix(".lock")):
            changed = edit(load())
            _replace(file, changed)
    except OSError as error:
        raise UserError(f"the settings {str(file)!r} cannot be written: {reason(error)}") from error
    return changed


def _replace(file: Path, settings: Settings) -> None:
    values = {key: list(value) for key, value in asdict(settings).items()}
    unfinished = file.with_suffix(f".{os.getpid()}.unfinished")
    try:
        unfinished.write_text(HEADER + yaml.safe_dump(values, allow_unicode=True), encoding="utf-8")
        os.replace(unfinished, file)
    finally:
        unfinished.unlink(missing_ok=True)


def _checked(values: Any) -> Settings:
    """Return the settings in parsed YAML."""
    if values is None:
        return Settings()
    if not isinstance(values, dict):
        raise UserError(f"{shown(values)} is no setting; accepted: plugins: [module.or/path.py, …]")
    accepted = [field.name for field in fields(Settings)]
    for key in values:
        if key not in accepted:
            raise UserError(one_of(key, accepted, "setting"))
    plugins = [] if values.get("plugins") is None else values["plugins"]
    if not isinstance(plugins, list):
        raise UserError(f"plugins is {shown(plugins)}; accepted: a list of module names and paths of .py files")
    for each in plugins:
        if not isinstance(each, str) or not each.strip() or "\n" in each or "\0" in each:
            raise UserError(f"plugins holds {shown(each)}; accepted: the name of a module or the path of a .py file")
    return Settings(plugins=tuple(dict.fromkeys(each.strip() for each in plugins)))
