"""Plug-ins: a user's own search spaces and zero-cost proxies.

A plug-in is a Python module, given by its name or by the path of its .py file. When imported, it calls
``spaces.register(MySpace())`` or decorates a function with ``baselines.zero_cost_proxy(…)``. Installed packages name
their plug-ins as entry points of the group ``eproxy_studio.spaces``; users name theirs in ``settings.yaml`` or, for a
single process, in ``EPROXY_PLUGINS``. A plug-in that fails is reported as a problem and raises nothing.
"""

from __future__ import annotations

import logging
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

LOG = logging.getLogger(__name__)
GROUP = "eproxy_studio.spaces"
VARIABLE = "EPROXY_PLUGINS"
OURS = "eproxy_engine."

proxies: dict[str, Any] = {}
"""Zero-cost proxies by name, to which plug-ins add; :mod:`eproxy_engine.baselines` is their registry."""


@dataclass(frozen=True)
class Plugin:
    """A module that registers search spaces or proxies, and the outcome of loading it."""

    source: str
    """Name of the module, or absolute path of its file."""
    origin: str
    """Who names it: ``package`` (an entry point), ``settings``, ``environment`` or a ``command``."""
    spaces: tuple[str, ...] = ()
    """Names of the search spaces that it registered."""
    proxies: tuple[str, ...] = ()
    """Names of the zero-cost proxies that it registered."""
    problem: str | None = None
    """Why it failed, in one line."""
    changed: int = 0
    """When its file was last changed (ns), if the source is a path; a failed plug-in is tried again after a change."""


class Plugins:
    """The plug-ins of one process.

    Args:
        registered: The registry's spaces by name, to which plug-ins add theirs.
    """

    def __init__(self, registered: dict[str, SearchSpace]) -> None:
        self._registered = registered
        self._known: dict[str, Plugin] = {}
        self._complaints: list[str] = []
        self._lock = threading.RLock()
        self._loading = False

    def load(self, without: str | None = None) -> list[Plugin]:
        """Load all plug-ins that are not loaded yet, except the source ``without``, and return all of them in order.

        A plug-in that fails raises nothing: see :attr:`Plugin.problem`.
        """
        with self._lock:
            if self._loading:  # a plug-in looks up another space while it is imported
                return []
            return [self.load_one(plugin) for plugin in self._wanted() if plugin.source != without]

    def load_one(self, plugin: Plugin) -> Plugin:
        """Load ``plugin`` unless it is loaded, and return it with its outcome."""
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
        """Return one line for each plug-in that failed and for each unusable setting."""
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
                    "registers no search space or proxy; accepted: a module that calls spaces.register(…) or "
                    "uses @baselines.zero_cost_proxy(…)"
                )
        except (Exception, SystemExit) as error:
            problem = f"plug-in {plugin.source!r}: {reason(error, plugin.source)}"
            LOG.warning("%s", problem, exc_info=True)
            for each, known in zip(registries, before, strict=True):
                for name in _own(each, known):
                    del each[name]
            for name in own_modules(plugin.source, set(sys.modules) - modules):
                del sys.modules[name]  # so that the next try reads it again
        brought, measured = ((), ()) if problem else map(tuple, own)
        return replace(plugin, spaces=brought, proxies=measured, problem=problem, changed=at)

    def _wanted(self) -> list[Plugin]:
        """List all named plug-ins, each source once, and collect complaints about unusable lists."""
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
    """Name the entries that are new or defined in ``module``.

    Built-in entries do not count: importing a plug-in may be what first imports the built-in proxies.
    """
    origins = {name: getattr(each, "measure", type(each)).__module__ for name, each in registered.items()}
    new = {name for name, origin in origins.items() if name not in before and not origin.startswith(OURS)}
    return [name for name, origin in origins.items() if name in new or (module and sys.modules.get(origin) is module)]


@cache
def _installed() -> list[str]:
    """List the modules that installed packages name as entry points, without what follows a colon."""
    return [point.value.partition(":")[0].strip() for point in metadata.entry_points(group=GROUP)]


def _in_settings() -> list[str]:
    return [normalised(text, settings.path().parent) for text in settings.load().plugins]


def _in_environment() -> list[str]:
    """List the sources in the environment variable, and make its paths absolute for workers in another folder."""
    given = os.environ.get(VARIABLE, "")
    sources = [normalised(text, Path.cwd()) for text in given.split(os.pathsep) if text.strip()]
    if any(map(is_path, sources)):
        os.environ[VARIABLE] = os.pathsep.join(sources)
    return sources
