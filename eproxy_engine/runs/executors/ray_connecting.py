"""Connecting to a Ray cluster and sending it the engine and plug-ins.

Ray is an optional dependency: its modules are imported by name, only here.
"""

from __future__ import annotations

import importlib
import logging
import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import Any

from eproxy_engine.errors import UserError
from eproxy_engine.foreign import reason
from eproxy_engine.installation import ENGINE
from eproxy_engine.spaces import registry
from eproxy_engine.spaces.plugin_modules import is_path
from eproxy_engine.spaces.plugins import VARIABLE

MISSING = "ray is not installed; run pip install 'eproxy-studio[ray]', or in a checkout -r requirements-ray.txt"
REACH_SECONDS = 5.0
LONGEST = 300
"""Maximum length of Ray's description of an error, in characters."""


def connected(address: str) -> Any:
    """Connect to a cluster and send the engine and the plug-ins of this machine to its others.

    Returns the module ``ray``. Raises UserError within seconds.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        ray = importlib.import_module("ray")
    except ImportError as error:
        raise UserError(MISSING) from error
    printing: Any = importlib.import_module("ray._private.worker")
    printing._worker_logs_enabled = False  # otherwise it reports on standard output that a machine died
    with tempfile.TemporaryDirectory() as folder:
        try:
            _knock(address)
            shipped = _shipped(Path(folder))
            ray.init(address, log_to_driver=False, logging_level=logging.ERROR, runtime_env=shipped)
        except (Exception, SystemExit) as error:
            ray.shutdown()
            raise UserError(
                f"the Ray cluster {address!r} cannot be used ({said(error)}); accepted: auto, HOST:6379 or "
                "ray://HOST:10001 of one that was started with `ray start --head`"
            ) from error
    return ray


def _knock(address: str) -> None:
    """Raise OSError or ValueError if nothing answers there; Ray itself would try for minutes."""
    services = importlib.import_module("ray._private.services")
    known = services.canonicalize_bootstrap_address_or_die(address) if address == "auto" else address
    host, _, port = known.removeprefix("ray://").rpartition(":")
    if not host or not port.isdecimal():
        raise ValueError("not an address with a port")
    socket.create_connection((host.strip("[]"), int(port)), timeout=REACH_SECONDS).close()


def _shipped(folder: Path) -> dict[str, Any]:
    """Return what every machine is sent, as a Ray runtime environment. ``folder``: an empty folder for copies.

    A plug-in file is sent with the Python files beside it; a plug-in named as a module must be installed there.
    """
    sources = []
    for number, plugin in enumerate(registry.user_plugins.load()):
        if not is_path(plugin.source):
            sources.append(plugin.source)
            continue
        beside = folder / str(number)
        beside.mkdir()
        for file in Path(plugin.source).parent.glob("*.py"):
            shutil.copy(file, beside)
        sources.append(f"{number}/{Path(plugin.source).name}")
    return {
        "py_modules": [str(ENGINE)],
        "working_dir": str(folder),
        "excludes": ["__pycache__"],
        "env_vars": {VARIABLE: os.pathsep.join(sources)},
    }


def said(error: BaseException) -> str:
    """Return the first sentence of an error, in one line."""
    text = reason(error) if isinstance(error, Exception) else "what answers there is not a Ray cluster"
    return " ".join(text.split()).partition(". ")[0].rstrip(".")[:LONGEST] or type(error).__name__
