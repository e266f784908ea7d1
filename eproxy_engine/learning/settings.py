"""Settings of a learned ranking."""

from __future__ import annotations

from dataclasses import dataclass

from eproxy_engine.accepted import Between, OneOf
from eproxy_engine.fields import Settings, setting
from eproxy_engine.learning.models import MODELS

SPREAD_OUT, AT_RANDOM, MARKED, KNOWN = "spread-out", "random", "marked", "known"
CHOICES = {
    SPREAD_OUT: "spread out",
    AT_RANDOM: "at random",
    MARKED: "a marked subset",
    KNOWN: "all that are measured",
}
"""How the labelled architectures are chosen."""
FEWEST_LABELS = 3


@dataclass(frozen=True)
class RankingSettings(Settings, what="learned ranking"):
    """What learns from how many labels, and how it is judged."""

    model: str = setting(
        "gp",
        "Model",
        OneOf(tuple(MODELS), {name: model.title for name, model in MODELS.items()}),
        help="What turns the labels into a ranking.",
    )
    labels: int = setting(
        20,
        "Labelled architectures",
        Between(0, 1000),
        flag="--archs",
        help="Number of architectures whose accuracy the model may see.",
    )
    choose: str = setting(
        SPREAD_OUT,
        "Which ones",
        OneOf(tuple(CHOICES), CHOICES),
        help="How the labelled architectures are chosen. Spread out: similar to as many others as possible (facility "
        "location). Marked: the paper's twenty on NAS-Bench-101. All that are measured: nothing is left to judge by.",
    )
    draws: int = setting(
        200,
        "Draws",
        Between(1, 1000),
        help="How often the labelled architectures are drawn anew to judge the ranking: shows how much of it is luck.",
    )
