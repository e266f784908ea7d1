"""The command that launches a learned ranking."""

from __future__ import annotations

from typing import Any

from eproxy_engine.fields import words as words_of
from eproxy_engine.learning.panels import PANELS
from eproxy_engine.learning.settings import RankingSettings
from eproxy_engine.runs.command_words import place_words, sample_words
from eproxy_engine.runs.kinds.ranking.specification import RankingSpecification

LABELS = "labels.csv"
"""The file that has to be written first, for labels of one's own."""


def command(given: RankingSpecification) -> list[Any]:
    """Return the words of ``rank``."""
    words = ["rank", *place_words(given), *sample_words(given.sample, given.seed, "--sample", "--candidates")]
    words += ["--panel", given.panel.name]
    preset = PANELS.get(given.panel.name)
    for score in given.panel.scores[len(preset.scores) if preset else 0 :]:
        words += ["--config", f"{score.name}.yaml"]
    words += words_of(given.settings, RankingSettings())
    return [*words, "--labels", LABELS] if given.given else words
