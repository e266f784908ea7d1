"""Panels: which cheap scores a learned ranking may weigh."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from eproxy_engine.baselines import Baseline
from eproxy_engine.errors import UserError, check_named
from eproxy_engine.proxy import preset
from eproxy_engine.scoring.named import NamedProxy
from eproxy_engine.scoring.proxy import Member, member_of, members_of

AZ_NAS = ("az_expressivity", "az_progressivity", "az_trainability", "flops")
"""Scores whose combined ranks (Lee and Ham 2024) a model expects before it sees accuracies, if the panel has them."""
SIZES = ("parameters", "flops")
"""Scores of every panel; they cost nothing."""
READ_OUTS = (3, 6)
"""Iterations whose losses are scores as well; they follow from the same training."""
QUICK = ("az_expressivity", "az_progressivity", "az_trainability", "meco", "swap", "grad_norm", "synflow")
TITLES = {
    "instant": "instant: size and descriptors",
    "quick": "quick: adds zero-cost proxies",
    "full": "full: adds Eproxy",
}
MOST_SCORES = 40


@dataclass(frozen=True)
class Score:
    """A computed score of a panel: a proxy that scores by itself, with its name in tables."""

    name: str
    member: Member


@dataclass(frozen=True)
class Panel:
    """Named list of scores. Parameters, FLOPs and descriptors belong to every panel.

    Raises:
        UserError: If two scores have the same name, or there are too many.
    """

    name: str
    scores: tuple[Score, ...] = ()
    """Those that are computed on a network."""

    def __post_init__(self) -> None:
        names = [*SIZES, *(score.name for score in self.scores)]
        if twice := [name for name in names if names.count(name) > 1]:
            raise UserError(f"two scores of the panel are named {twice[0]!r}; accepted: names that differ")
        if len(self.scores) > MOST_SCORES:
            raise UserError(f"{len(self.scores)} scores; accepted: up to {MOST_SCORES}")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all scores."""
        return (*SIZES, *(score.name for score in self.scores))

    @property
    def prior_of(self) -> tuple[str, ...]:
        """Names of the scores whose combined ranks are expected; none if one is missing."""
        return AZ_NAS if set(AZ_NAS) <= set(self.names) else ()

    def with_proxies(self, proxies: Iterable[NamedProxy]) -> Panel:
        """Return the panel with further proxies; each member of an ensemble becomes a score."""
        more = [score for proxy in proxies for score in _scores(proxy)]
        return replace(self, scores=(*self.scores, *more))

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; :meth:`from_dict` reads them."""
        scores = [{"name": score.name, "member": score.member.as_dict()} for score in self.scores]
        return {"name": self.name, "scores": scores}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Panel:
        """Return the panel in plain values. Raises UserError, KeyError or TypeError."""
        return cls(values["name"], tuple(Score(each["name"], member_of(each["member"])) for each in values["scores"]))


def _scores(proxy: NamedProxy) -> list[Score]:
    members = members_of(proxy.proxy)
    if len(members) == 1:
        return [Score(proxy.name, members[0])]
    return [Score(f"{proxy.name} {place}", member) for place, member in enumerate(members, 1)]


def _presets() -> dict[str, Panel]:
    """Make the panels without looking names up, as that would import plug-ins."""
    quick = Panel("quick", tuple(Score(name, Baseline(name)) for name in QUICK))
    eproxy = preset("laptop")
    read_outs = tuple(Score(f"eproxy_laptop@{each}", replace(eproxy, read_out=each)) for each in READ_OUTS)
    full = Panel("full", (*quick.scores, Score("eproxy_laptop", eproxy), *read_outs))
    return {"instant": Panel("instant"), "quick": quick, "full": full}


PANELS = _presets()
"""Panels by name."""


def panel(name: str) -> Panel:
    """Return the panel of that name. Raises UserError.

    Example:
        >>> panel("instant").names
        ('parameters', 'flops')
    """
    check_named("panel", name, PANELS)
    return PANELS[name]
