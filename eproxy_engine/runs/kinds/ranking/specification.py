"""Specification of a learned ranking."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any, ClassVar

import pandas as pd

from eproxy_engine import benchmarks, spaces
from eproxy_engine.benchmarks.table import SUBSET_PREFIX
from eproxy_engine.counted import counted
from eproxy_engine.errors import UserError, shown
from eproxy_engine.learning.panels import Panel, panel, shipped
from eproxy_engine.learning.panels.panel import Score
from eproxy_engine.learning.settings import FEWEST_LABELS, KNOWN, MARKED, RankingSettings
from eproxy_engine.proxy import Evaluation
from eproxy_engine.proxy.evaluation import TORCH
from eproxy_engine.runs.specification import SampledSpecification, arithmetic_of, described, sample_of
from eproxy_engine.sampling import Sample

MOST_GIVEN = 10_000


@dataclass(frozen=True)
class RankingSpecification(SampledSpecification):
    """Immutable specification of a learned ranking: which architectures, what is known of them, what learns."""

    kind: ClassVar[str] = "rank"

    space: str
    task: str
    sample: Sample
    """The candidates, labelled ones among them."""
    panel: Panel = field(default_factory=lambda: panel("quick"))
    settings: RankingSettings = field(default_factory=RankingSettings)
    given: tuple[tuple[str, float], ...] = ()
    """Architectures and accuracies of one's own; if there are any, these are the labels."""
    images: str = "bundled"
    seed: int = 1
    arithmetic: str = field(default=TORCH, compare=False)

    @property
    def title(self) -> str:
        labels = (
            f"{counted(len(self.given), 'label')} of your own" if self.given else counted(self.settings.labels, "label")
        )
        if not self.given and self.settings.choose in (KNOWN, MARKED):
            labels = f"labels {self.settings.choose}"
        return f"{self.space_title}, {self.task}: {described(self.sample)}, {labels}, panel {self.panel.name}"

    def candidates(self) -> pd.DataFrame:
        """Return the candidates, one row per architecture.

        Returns:
            The columns of the sample; ``network``, the representative of all architectures with an equal network;
            ``given``, the accuracy given with the specification, nan if there is none; ``marked``, whether the
            architecture is of a marked subset.

        Raises:
            UserError: If the sample is not available, or a given text is not an architecture.
        """
        return _candidates(self, benchmarks.version(self.space)).copy(deep=False)

    def missing(self, score: Score) -> list[str]:
        """Return the networks whose score does not ship and has to be computed."""
        networks = self.candidates()["network"].drop_duplicates()
        column = self._ships(score)
        return list(networks if column is None else networks[column.index.get_indexer(networks) < 0])

    def evaluations_of(self, score: Score) -> list[Evaluation]:
        """Return the evaluations of one score, one per network of :meth:`missing`.

        Those beside scores that ship are torch's, as these are: nobody else computes other ones of the same score.
        """
        arithmetic = TORCH if self._ships(score) is not None else self.arithmetic
        return [
            Evaluation.of(self.space, each, score.member, self.images, self.seed, arithmetic)
            for each in self.missing(score)
        ]

    def _ships(self, score: Score) -> pd.Series | None:
        ships = shipped(self.space)
        return None if ships is None else ships.column(self.space, score.member, self.images, self.seed)

    def evaluations(self) -> list[Evaluation]:
        """Return the evaluations of all scores that do not ship, a network after the other: its scores share it."""
        of_scores = [each for score in self.panel.scores for each in self.evaluations_of(score)]
        places = {each.architecture: place for place, each in reversed(list(enumerate(of_scores)))}
        return sorted(of_scores, key=lambda each: places[each.architecture])

    def checked(self) -> RankingSpecification:
        super().checked()
        for score in self.panel.scores:
            if hasattr(score.member, "checked"):
                score.member.checked()
        _check_labels(self)
        return self

    def as_dict(self) -> dict[str, Any]:
        return {
            "space": self.space,
            "task": self.task,
            "sample": asdict(self.sample),
            "panel": self.panel.as_dict(),
            "settings": self.settings.as_dict(),
            "given": [list(pair) for pair in self.given],
            "images": self.images,
            "seed": self.seed,
            **arithmetic_of(self),
        }

    @classmethod
    def _from_dict(cls, values: dict[str, Any]) -> RankingSpecification:
        parts = {
            "sample": sample_of(values["sample"]),
            "panel": Panel.from_dict(values["panel"]),
            "settings": RankingSettings.from_dict(values["settings"]),
            "given": tuple((str(text), float(value)) for text, value in values["given"]),
        }
        return cls(**{**values, **parts})


@lru_cache(maxsize=16)
def _candidates(given: RankingSpecification, version: tuple[tuple[str, int], ...]) -> pd.DataFrame:
    rows = given.architectures()
    more = [text for text, _ in given.given]
    if given.settings.choose == MARKED and not given.given:
        more = _marked(given)
    if more:
        picked = Sample("picked", picked=tuple(more)).draw(given.space, given.task)
        rows = pd.concat([picked, rows], ignore_index=True).drop_duplicates("architecture")
    family = spaces.get(given.space)
    rows["network"] = [str(family.equivalent(family.parse(text))) for text in rows["architecture"]]
    own = {str(family.parse(text)): value for text, value in given.given}
    rows["given"] = rows["architecture"].map(own).astype(float)
    rows["marked"] = rows[[c for c in rows if str(c).startswith(SUBSET_PREFIX)]].any(axis=1)
    return rows.reset_index(drop=True)


def _marked(given: RankingSpecification) -> list[str]:
    """Return the architectures of the space's marked subsets whose accuracy is known. Raises UserError."""
    if not benchmarks.subsets(given.space):
        raise UserError(f"{given.space} has no marked subset; accepted: another way to choose the labelled ones")
    known = benchmarks.known(given.space, given.task)
    marks = [SUBSET_PREFIX + name for name in benchmarks.subsets(given.space)]
    return list(known.loc[known[marks].any(axis=1), "architecture"])


def _check_labels(given: RankingSpecification) -> None:
    if len(given.given) > MOST_GIVEN:
        raise UserError(f"{len(given.given):,} labels; accepted: up to {MOST_GIVEN:,}")
    for text, value in given.given:
        if not math.isfinite(value):
            raise UserError(f"the accuracy of {shown(text)} is {value}; accepted: a finite number")
    rows = given.candidates()
    known = rows["given"].dropna() if given.given else rows.loc[_may_be_labelled(given, rows), "accuracy"]
    if given.settings.model == "prior" and not given.given:
        return
    count = len(known) if given.given or given.settings.choose in (KNOWN, MARKED) else given.settings.labels
    if count < FEWEST_LABELS:
        raise UserError(f"{count} labelled architectures; accepted: {FEWEST_LABELS} or more, or the model prior")
    if count > len(known):
        raise UserError(f"{count} labelled architectures; accepted: up to {len(known)}, the known accuracies here")
    if known.nunique() < 2:
        raise UserError(f"all {len(known)} known accuracies are {known.iloc[0]:g}; accepted: at least two that differ")


def _may_be_labelled(given: RankingSpecification, rows: pd.DataFrame) -> pd.Series:
    known = rows["accuracy"].notna()
    return known & rows["marked"] if given.settings.choose == MARKED else known
