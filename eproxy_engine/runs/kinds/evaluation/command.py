"""The command that launches an evaluation run."""

from __future__ import annotations

from typing import Any

from eproxy_engine.runs.command_words import place_words, proxy_words, sample_words
from eproxy_engine.runs.kinds.evaluation.specification import EvaluationSpecification


def command(given: EvaluationSpecification) -> list[Any]:
    """Return the words of ``evaluate``."""
    words = ["evaluate", *place_words(given), *sample_words(given.sample, given.seed, "--sample", "--archs")]
    return [*words, *proxy_words(given.proxy)]
