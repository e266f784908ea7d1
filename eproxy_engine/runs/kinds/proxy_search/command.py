"""The command that launches a proxy search."""

from __future__ import annotations

from typing import Any

from eproxy_engine.fields import words as words_of
from eproxy_engine.runs.command_words import PROXY, nearest, place_words, sample_words
from eproxy_engine.runs.kinds.proxy_search.specification import ProxySearchSpecification
from eproxy_engine.search.proxy_search.settings import SETTINGS


def command(given: ProxySearchSpecification) -> list[Any]:
    """Words of ``dps``."""
    words = ["dps", *place_words(given), *sample_words(given.sample, given.seed, "--archs", "--archs-file")]
    start = nearest(given.settings, SETTINGS)
    words += ["--preset", start, *words_of(given.settings, SETTINGS[start])]
    return [*words, "--holdout", given.held_out, "--out", PROXY]
