"""The command that launches landscapes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from eproxy_engine.fields import words as words_of
from eproxy_engine.landscape import View
from eproxy_engine.runs.command_words import configuration_words, place_words, repeated, sample_words
from eproxy_engine.runs.kinds.landscape.specification import BARRIERS, LandscapeSpecification


def command(given: LandscapeSpecification) -> list[Any]:
    """Words of ``landscape``."""
    words = ["landscape", *place_words(given)]
    if given.sample.rule == "picked":
        words += [*repeated("--arch", given.sample.picked), "--seed", given.seed]
    else:
        words += sample_words(given.sample, given.seed, "--sample", "--archs")
    words += ["--barrier", BARRIERS[given.barriers]]
    view, start = given.view, replace(View(), centre=given.configuration.iterations)
    words += repeated("--centre", given.centres or [view.centre] * (view.centre != start.centre))
    words += words_of(replace(view, centre=start.centre), start)
    for name, count in (("draws", given.draws), ("seeds", len(given.seeds))):
        words += [f"--{name}", count] if count > 1 else []
    return [*words, *configuration_words(replace(given.configuration, barrier=True))]
