"""Problems with the user's own search spaces and proxies."""

from __future__ import annotations

from app.shell.errors import show_warning
from eproxy_engine import spaces


def plugin_problems_panel() -> None:
    """Show one warning for each plug-in that could not be used."""
    for problem in spaces.plugin_problems():
        show_warning(problem, icon=":material/extension_off:")
