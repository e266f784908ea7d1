"""Finding and importing the module of a plug-in, and locating errors in it."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import os
import re
import sys
import traceback
from pathlib import Path
from types import ModuleType

from eproxy_engine.errors import UserError
from eproxy_engine.installation import ENGINE
from eproxy_engine.spaces.contract import Broken

OWN_WORDS = (UserError, Broken)
"""Errors whose message is shown without their type."""
LONGEST = 400
"""Maximum length of an error's message, in characters."""


def is_path(source: str) -> bool:
    """Return whether a source means a file; otherwise it is the name of a module."""
    return source.endswith(".py") or any(sign in source for sign in "/\\~")


def normalised(text: str, folder: Path) -> str:
    """Return a source as stored: the name of a module or an absolute path. Relative paths start at ``folder``."""
    text = text.strip()
    if not is_path(text):
        return text
    return os.path.realpath(os.path.join(folder, os.path.expanduser(text)))


def changed(source: str) -> int:
    """Return when the file was last changed (ns); 0 for the name of a module or a missing file."""
    try:
        return Path(source).stat().st_mtime_ns if is_path(source) else 0
    except (OSError, ValueError):
        return 0


def imported(source: str) -> ModuleType:
    """Import a plug-in's module, or return it if it is imported already.

    Raises:
        UserError: If ``source`` is no Python file and no name of a module.
        Exception: Whatever importing the module raises.
    """
    if is_path(source):
        return _from_file(Path(source))
    if not all(part.isidentifier() for part in source.split(".")):
        raise UserError("not a module name; accepted: a name such as my_package.my_space, or the path of a .py file")
    return importlib.import_module(source)


def _from_file(path: Path) -> ModuleType:
    if path.suffix != ".py":
        raise UserError("not a Python file; accepted: the path of a .py file, or the name of a module")
    if not os.path.isfile(path):
        raise UserError("no such file")
    for loaded in (sys.modules.get(_stem(path)), sys.modules.get("__main__")):
        if loaded is not None and _is_file_of(path, getattr(loaded, "__file__", None)):
            return loaded
    name = _name(path)
    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))  # at the end, so that modules beside it hide no others
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _name(path: Path) -> str:
    """Return the file's own name, by which ``import`` finds it too; another one if that name is taken."""
    try:
        other = importlib.util.find_spec(_stem(path))
    except (ImportError, ValueError):
        other = None
    taken = _stem(path) in sys.modules or (other is not None and not _is_file_of(path, other.origin))
    return f"{_stem(path)}_{hashlib.sha256(str(path).encode()).hexdigest()[:8]}" if taken else _stem(path)


def _stem(path: Path) -> str:
    return re.sub(r"\W", "_", path.stem)


def _is_file_of(path: Path, file: str | None) -> bool:
    return file is not None and Path(file).resolve() == path


def own_modules(source: str, names: set[str]) -> list[str]:
    """Select from ``names`` the plug-in's own module and the modules in its folder."""
    if not is_path(source):
        return [name for name in names if name == source]
    files = {name: getattr(sys.modules.get(name), "__file__", None) for name in names}
    return [name for name, file in files.items() if file and Path(file).resolve().parent == Path(source).parent]


def reason(error: BaseException, source: str) -> str:
    """Describe a plug-in's error in one line, with the line of its code where it happened."""
    if isinstance(error, SystemExit):
        said = f"importing it exits Python (SystemExit {error.code!r})"
    elif isinstance(error, SyntaxError):
        said = f"{type(error).__name__}: {error.msg}"
    else:
        said = str(error) if isinstance(error, OWN_WORDS) else f"{type(error).__name__}: {_words(error)}"
    return " ".join(said.split())[:LONGEST] + _place(error, source)


def _words(error: BaseException) -> str:
    """Return the message of an error from foreign code, whose ``__str__`` may fail itself."""
    try:
        return str(error)
    except Exception:
        return "its message cannot be shown"


def _place(error: BaseException, source: str) -> str:
    """Return ``(file, line n)``: the last executed line in the plug-in's own file, or else in its folder."""
    if isinstance(error, SyntaxError) and error.filename:
        return f" ({error.filename}, line {error.lineno})"
    file = _file(source)
    if file is None:
        return ""
    for each in (error, error.__cause__):
        frames = traceback.extract_tb(each.__traceback__) if each else []
        frames = [frame for frame in frames if not Path(frame.filename).is_relative_to(ENGINE)]
        own = [frame for frame in frames if Path(frame.filename) == file]
        beside = [frame for frame in frames if Path(frame.filename).parent == file.parent]
        if own or beside:
            last = (own or beside)[-1]
            return f" ({last.filename}, line {last.lineno})"
    return ""


def _file(source: str) -> Path | None:
    if is_path(source):
        return Path(source)
    try:
        spec = importlib.util.find_spec(source)
    except Exception:  # one of its packages fails
        return None
    return Path(spec.origin) if spec and spec.origin else None
