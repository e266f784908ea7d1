"""The registry of search spaces: what stands for all of it, and as a process finds it that has only just started."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from eproxy_engine.spaces import plugins as plugins_module
from eproxy_engine.spaces import registry
from eproxy_engine.spaces.plugins import VARIABLE, Plugins

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "docs" / "examples" / "plain_convnets.py"
ONE_OF_EACH_CODE = {(type(space).build, space.input_size): space.name for space in registry.BUILTIN}.values()
"""Names of built-in spaces: one for each code that builds networks, and each stem."""


@pytest.fixture
def fresh_registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugins]:
    """No plug-in is loaded or asked for, the data directory is empty; afterwards all is as it was."""
    monkeypatch.setenv("EPROXY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv(VARIABLE, "")
    spaces, modules, path = dict(registry._spaces), dict(sys.modules), list(sys.path)
    proxies = dict(plugins_module.proxies)
    for name in set(spaces) - {space.name for space in registry.BUILTIN}:
        del registry._spaces[name]
    plugins = Plugins(registry._spaces)
    monkeypatch.setattr(registry, "user_plugins", plugins)
    yield plugins
    registry._spaces.clear()
    registry._spaces.update(spaces)
    plugins_module.proxies.clear()
    plugins_module.proxies.update(proxies)
    sys.path[:] = path
    for name in set(sys.modules) - set(modules):
        if _is_below(getattr(sys.modules[name], "__file__", None), tmp_path, EXAMPLE.parent):
            del sys.modules[name]


def _is_below(file: str | None, *folders: Path) -> bool:
    return file is not None and any(Path(file).is_relative_to(folder) for folder in folders)
