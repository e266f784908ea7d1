"""Where the dashboard's files are: beside the engine in a checkout, in ``eproxy_studio/`` in an installed package."""

from __future__ import annotations

from pathlib import Path

ENGINE = Path(__file__).parent
"""Folder of this package."""


def studio_folder(engine: Path = ENGINE) -> Path:
    """Return the folder that has ``app/``, ``pages/`` and ``assets/``.

    A process that is started there imports ``app``; in a checkout, it finds the engine there as well. An installed
    package has that folder of its own, because ``app`` and ``pages`` are names that other packages may have.

    Args:
        engine: Folder of the engine.
    """
    installed = engine.with_name("eproxy_studio")
    return installed if installed.is_dir() else engine.parent


ASSETS = studio_folder() / "assets"
"""Folder of the files that ship beside the code."""
