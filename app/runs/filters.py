"""Search and filters of the list of runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from app.runs.listing import ORIGINS
from app.shell.kinds import KINDS
from eproxy_engine.runs import Run
from eproxy_engine.runs.headline import headline


@dataclass(frozen=True)
class Filter:
    """What is looked for. Empty parts let everything through."""

    words: str = ""
    """All of them must be in what the run says of itself."""
    kinds: tuple[str, ...] = ()
    spaces: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    """A run with any of them."""
    origins: tuple[str, ...] = ()


def found(runs: list[Run], wanted: Filter) -> list[Run]:
    """Return the runs that fit, in their order."""
    words = wanted.words.casefold().split()
    return [run for run in runs if _fits(run, wanted) and all(word in _said(run) for word in words)]


def _fits(run: Run, wanted: Filter) -> bool:
    return (
        (not wanted.kinds or run.kind in wanted.kinds)
        and (not wanted.spaces or run.specification.space in wanted.spaces)
        and (not wanted.statuses or run.status in wanted.statuses)
        and (not wanted.tags or not set(wanted.tags).isdisjoint(run.labels.tags))
        and (not wanted.origins or run.origin in wanted.origins)
    )


def _said(run: Run) -> str:
    """Return all that a run says of itself, for the search."""
    given = run.specification
    kind = KINDS[run.kind].run_title
    texts = (run.id, kind, run.name, given.title, given.space, run.status, headline(run), run.labels.note)
    return "\n".join((*texts, *run.labels.tags, ORIGINS.get(run.origin, run.origin))).casefold()


def filter_panel(runs: list[Run]) -> Filter:
    """Show the search and a filter for everything in which the runs differ."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input(
            "Search",
            key="runs-words",
            placeholder="Search names, results, notes …",
            icon=":material/search:",
            width=300,
        )
        titles = {run.specification.space: run.specification.space_title for run in runs}
        return Filter(
            words,
            _choice("Kind", [run.kind for run in runs], lambda kind: KINDS[kind].run_title),
            _choice("Search space", [run.specification.space for run in runs], titles.__getitem__),
            _choice("Status", [run.status for run in runs]),
            _choice("Tag", [tag for run in runs for tag in run.labels.tags]),
            _choice("Origin", [run.origin for run in runs], lambda origin: ORIGINS.get(origin, origin)),
        )


def _choice(label: str, values: list[str], title: Callable[[str], str] = str) -> tuple[str, ...]:
    """Show a filter unless there is only one value."""
    options = sorted(set(values), key=title)
    if (len(options) < 2 and label != "Tag") or not options:
        return ()
    return tuple(
        st.multiselect(label, options, format_func=title, key=f"runs-filter-{label}", placeholder="all", width=170)
    )
