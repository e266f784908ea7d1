"""Writes docs/SETTINGS.md from the tables of settings: ``python -m tests.docs.settings_page``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from eproxy_engine.baselines import Baseline
from eproxy_engine.fields import Settings, table
from eproxy_engine.landscape import View
from eproxy_engine.learning.settings import RankingSettings
from eproxy_engine.proxy import Branch, Configuration
from eproxy_engine.search.architecture_search.constraints import Constraints
from eproxy_engine.search.architecture_search.settings import ArchitectureSearchSettings
from eproxy_engine.search.proxy_search.settings import ProxySearchSettings

PAGE = Path(__file__).parents[2] / "docs" / "SETTINGS.md"
INTRODUCTION = """# Settings

Every setting by the name that it has in YAML files, with its default and what it accepts. `--set KEY=VALUE` changes
one of a proxy configuration, such as `--set learning_rate=0.5` or `--set branches.0.c_mid=512`. The other settings
have an option each, which `--help` lists.

This page is made by `python -m tests.docs.settings_page`; what it says stands in the dataclasses.
"""
SECTIONS: dict[str, type[Settings]] = {
    "Proxy configuration": Configuration,
    "A branch of it": Branch,
    "Zero-cost proxies": Baseline,
    "Learned ranking (`rank`)": RankingSettings,
    "Proxy search (`dps`)": ProxySearchSettings,
    "Architecture search (`search`)": ArchitectureSearchSettings,
    "Its constraints": Constraints,
    "Loss landscape (`landscape`)": View,
}


def listing(cls: type[Settings]) -> str:
    """The settings of a dataclass as a table in Markdown."""
    rows = ["| Setting | Default | Accepted | What it does |", "|---|---|---|---|"]
    rows += [
        f"| `{each.name}` | {_shown(each.accepted.plain(each.default))} | {each.accepted} | {each.help} |"
        for each in table(cls).values()
    ]
    return "\n".join(rows) + "\n"


def _shown(default: Any) -> str:
    """What parts have by default stands in their own table."""
    if isinstance(default, list):
        return ", ".join(map(_shown, default))
    if isinstance(default, bool):
        return "on" if default else "off"
    return "" if isinstance(default, dict) else "none" if default is None else str(default)


def page() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *(f"## {title}\n\n{listing(cls)}" for title, cls in SECTIONS.items())])


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
