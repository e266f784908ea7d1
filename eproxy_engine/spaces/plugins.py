"""Search spaces and zero-cost proxies of a user's own.

A plug-in is a Python module, by its name or by the path of its .py file, that calls ``spaces.register(MySpace())`` or
decorates a function with ``baselines.zero_cost_proxy(…)`` when it is imported. Installed packages name theirs as entry
points of the group ``eproxy_studio.spaces``, a user his in ``settings.yaml`` or, for once, in ``EPROXY_PLUGINS``. A
plug-in that fails is a problem to be told, never an error.
"""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import dataclass, replace
from functools import cache
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

from eproxy_engine import settings
from eproxy_engine.errors import UserError
from eproxy_engine.spaces.interface import SearchSpace
from eproxy_engine.spaces.plugin_modules import changed, imported, is_path, normalised, own_modules, reason

GROUP = "eproxy_studio.spaces"
VARIABLE = "EPROXY_PLUGINS"
OURS = "eproxy_engine."

proxies: dict[str, Any] = {}
"""The zero-cost proxies by name, which plug-ins add to; :mod:`eproxy_engine.baselines` is their registry."""


@dataclass(frozen=True)
class Plugin:
    """A module that brings search spaces or proxies, and what became of it."""

    source: str
    """Name of the module, or absolute path of its file."""
    origin: str
    """Who asks for it: ``package`` (an entry point), ``settings``, ``environment`` or a ``command``."""
    spaces: tuple[str, ...] = ()
    """Names of the search spaces that it registered."""
    proxies: tuple[str, ...] = ()
    """Names of the zero-cost proxies that it registered."""
    problem: str | None = None
    """One line, if it failed."""
    changed: int = 0
    """When its file was, if the source is a path; one that failed is tried again after a change."""


class Plugins:
    """The plug-ins of one process. ``registered``: the registry's spaces by name, to which they add theirs."""

    def __init__(self, registered: dict[str, SearchSpace]) -> None:
        self._registered = registered
        self._known: dict[str, Plugin] = {}
        self._complaints: list[str] = []
        self._lock = threading.RLock()
        self._loading = False

    def load(self, without: str | None = None) -> list[Plugin]:
        """Load those that are not loaded yet, other than the source ``without``; what became of all, in that order.

        Never raises for a bad one.
        """
        with self._lock:
            if self._loading:  # a plug-in looks up another space while it is imported
                return []
            return [self.load_one(plugin) for plugin in self._wanted() if plugin.source != without]

    def load_one(self, plugin: Plugin) -> Plugin:
        """Load this one, if it has not been; what became of it."""
        with self._lock:
            known = self._known.get(plugin.source)
            if known is None or (known.problem and known.changed != changed(plugin.source)):
                self._loading = True
                try:
                    self._known[plugin.source] = self._loaded(plugin)
                finally:
                    self._loading = False
            return replace(self._known[plugin.source], origin=plugin.origin)

    def problems(self) -> list[str]:
        """One line for each plug-in that failed, and for settings that cannot be used."""
        failed = [plugin.problem for plugin in self.load() if plugin.problem]
        return self._complaints + failed

    def _loaded(self, plugin: Plugin) -> Plugin:
        registries: list[dict[str, Any]] = [self._registered, proxies]
        before, modules, at = [set(each) for each in registries], set(sys.modules), changed(plugin.source)
        problem, own = None, [list[str](), list[str]()]
        try:
            module = imported(plugin.source)
            own = [_own(each, known, module) for each, known in zip(registries, before, strict=True)]
            if not any(own):
                raise UserError(
                    "it registers no search space and no proxy; accepted: a module that calls spaces.register(…) or "
                    "uses @baselines.zero_cost_proxy(…)"
                )
        except (Exception, SystemExit) as error:
            problem = f"plug-in {plugin.source!r}: {reason(error, plugin.source)}"
            for each, known in zip(registries, before, strict=True):
                for name in _own(each, known):
                    del each[name]
            for name in own_modules(plugin.source, set(sys.modules) - modules):
                del sys.modules[name]  # so that it is read again when it is tried again
        brought, measured = ((), ()) if problem else map(tuple, own)
        return replace(plugin, spaces=brought, proxies=measured, problem=problem, changed=at)

    def _wanted(self) -> list[Plugin]:
        """All that are asked for, each source once; what is wrong with the asking becomes a complaint."""
        self._complaints = []
        wanted: dict[str, Plugin] = {}
        for origin, sources in (("package", _installed), ("settings", _in_settings), ("environment", _in_environment)):
            try:
                for source in sources():
                    wanted.setdefault(source, Plugin(source, origin))
            except Exception as error:
                self._complaints.append(f"plug-ins of the {origin}: {reason(error, '')}")
        return list(wanted.values())


def _own(registered: dict[str, Any], before: set[str], module: ModuleType | None = None) -> list[str]:
    """Names of what was not there before, and of what was written in the module.

    Importing a plug-in may be what first imports the proxies of the product: those are not its own.
    """
    origins = {name: getattr(each, "measure", type(each)).__module__ for name, each in registered.items()}
    new = {name for name, origin in origins.items() if name not in before and not origin.startswith(OURS)}
    return [name for name, origin in origins.items() if name in new or (module and sys.modules.get(origin) is module)]


@cache
def _installed() -> list[str]:
    """Modules that installed packages name as entry points; what follows a colon does not matter."""
    return [point.value.partition(":")[0].strip() for point in metadata.entry_points(group=GROUP)]


def _in_settings() -> list[str]:
    return [normalised(text, settings.path().parent) for text in settings.load().plugins]


def _in_environment() -> list[str]:
    """The variable itself is made absolute: a worker that inherits it starts in another folder."""
    given = os.environ.get(VARIABLE, "")
    sources = [normalised(text, Path.cwd()) for text in given.split(os.pathsep) if text.strip()]
    if any(map(is_path, sources)):
        os.environ[VARIABLE] = os.pathsep.join(sources)
    return sources
