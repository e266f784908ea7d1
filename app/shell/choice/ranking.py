"""What the Learned ranking page ranks, and its form in the URL."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from eproxy_engine.accepted import OneOf
from eproxy_engine.documents import read_yaml
from eproxy_engine.fields import Part, Settings, changed, setting, short_json
from eproxy_engine.learning.panels import PANELS, panel
from eproxy_engine.learning.panels.panel import TITLES, Panel
from eproxy_engine.learning.settings import RankingSettings
from eproxy_engine.runs import EvaluationSpecification, RankingSpecification
from eproxy_engine.scoring.named import NamedProxy


@dataclass(frozen=True)
class RankingChoice(Settings, what="learned ranking"):
    """Space, task, sample, images and seed are those of the session's specification. Raises UserError."""

    panel: str = setting(
        "quick",
        "Panel of scores",
        OneOf(tuple(PANELS), TITLES),
        help="Cheap scores that the model weighs. Instant runs no network; quick has seven zero-cost proxies and takes "
        "about half a second per architecture; full has Eproxy, too, and takes about a second. Size and descriptors of "
        "the architecture belong to every panel.",
    )
    settings: RankingSettings = setting(RankingSettings(), "Learning", Part(RankingSettings), help="How it learns.")
    more: tuple[NamedProxy, ...] = ()
    """Proxies beyond the panel, such as those that proxy searches have found."""
    given: tuple[tuple[str, float], ...] = ()
    """Labels of one's own, from a file."""

    @classmethod
    def of(cls, given: RankingSpecification) -> RankingChoice:
        """Return what leads to a run again; scores beyond a panel count as proxies of their own."""
        name = given.panel.name if given.panel.name in PANELS else "quick"
        known = {score.name for score in panel(name).scores}
        more = tuple(NamedProxy(score.name, score.member) for score in given.panel.scores if score.name not in known)
        return cls(name, given.settings, more, given.given)

    def whole_panel(self) -> Panel:
        """Return the panel with the further proxies. Raises UserError."""
        return panel(self.panel).with_proxies(self.more)

    def specification(self, given: EvaluationSpecification) -> RankingSpecification:
        """Return what the controls specify, with the rest from the session. Raises UserError."""
        return RankingSpecification(
            given.space,
            given.task,
            given.sample,
            self.whole_panel(),
            self.settings,
            self.given,
            given.images,
            given.seed,
        )

    def to_query(self) -> dict[str, Any]:
        """Return the parameters of the URL; what is at its default is left out."""
        changes = changed(self, RankingChoice())
        if "settings" in changes:
            changes["settings"] = changed(self.settings, RankingSettings())
        return {"rank": short_json(changes)} if changes else {}

    def moved(self) -> RankingChoice:
        """Return the choice for another search space, where labels of one's own mean nothing."""
        return replace(self, given=())


def ranking_in(text: str) -> RankingChoice:
    """Return the choice in a part of the URL. Raises UserError."""
    return RankingChoice.from_dict(read_yaml(text))
