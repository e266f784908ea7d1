"""What a report says of a run, by the feature that shows runs of its kind."""

from __future__ import annotations

from importlib import import_module

from app.charts.report import Section
from app.shell.kinds import KINDS
from eproxy_engine.runs import Run, Store


def sections(store: Store, run: Run) -> list[Section]:
    """Return the figures and tables of a run with a result. It needs no session, as it is called outside of one."""
    return import_module(KINDS[run.kind].report).sections(store, run) if run.result else []
