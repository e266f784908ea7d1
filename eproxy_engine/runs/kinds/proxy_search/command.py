"""The command that launches a proxy search."""

from __future__ import annotations

from typing import Any

from eproxy_engine.runs.command_words import PROXY, changed, nearest, place_words, sample_words
from eproxy_engine.runs.kinds.proxy_search.specification import ProxySearchSpecification
from eproxy_engine.search.proxy_search.settings import SETTINGS

SWITCHES = ("racing", "flops", "prior")
"""Settings that are on or off."""


def command(given: ProxySearchSpecification) -> list[Any]:
    """Words of ``dps``."""
    words = ["dps", *place_words(given), *sample_words(given.sample, given.seed, "--archs", "--archs-file")]
    start = nearest(given.settings, SETTINGS)
    words += ["--preset", start]
    for name in changed(given.settings, SETTINGS[start]):
        value, option = getattr(given.settings, name), name.removesuffix("_rate").replace("_", "-")
        words += [f"--{option}" if value else f"--no-{option}"] if name in SWITCHES else [f"--{option}", value]
    return [*words, "--holdout", given.held_out, "--out", PROXY]
