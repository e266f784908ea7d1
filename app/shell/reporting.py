"""What a report says of a run, by the feature that shows runs of its kind."""

from __future__ import annotations

from importlib import import_module

from app.charts.report import Section
from eproxy_engine.runs import (
    ArchitectureSearchSpecification,
    ComparisonSpecification,
    EvaluationSpecification,
    LandscapeSpecification,
    ProxySearchSpecification,
    RankingSpecification,
    Run,
    Store,
)

MODULES = {
    EvaluationSpecification.kind: "app.proxy.report",
    ProxySearchSpecification.kind: "app.proxy_search.report",
    ComparisonSpecification.kind: "app.correlations.report",
    RankingSpecification.kind: "app.learned_ranking.report",
    LandscapeSpecification.kind: "app.landscape.report",
    ArchitectureSearchSpecification.kind: "app.architecture_search.report",
}
"""Modules with a function ``sections(store, run)``; as names, since features do not know each other."""


def sections(store: Store, run: Run) -> list[Section]:
    """Return the figures and tables of a run with a result. It needs no session, as it is called outside of one."""
    return import_module(MODULES[run.kind]).sections(store, run) if run.result else []
