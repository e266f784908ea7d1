"""Controls for what is learned, and from what."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.controls.field import field
from app.shell import state
from app.shell.choice import Choice
from app.shell.choice.comparison import RUN, proxy_of
from app.shell.choice.ranking import RankingChoice
from app.shell.errors import show_error
from eproxy_engine import benchmarks
from eproxy_engine.counted import counted
from eproxy_engine.errors import UserError
from eproxy_engine.learning.settings import KNOWN, MARKED
from eproxy_engine.runs import Run
from eproxy_engine.runs.kinds.ranking.labels import labels_in
from eproxy_engine.scoring.named import NamedProxy


def ranking_form(choice: Choice, runs: list[Run]) -> Choice:
    """Show controls for labels, panel and model."""
    given = choice.ranking
    st.markdown("**Labels**")
    own = _own_labels(choice.specification.space, given)
    settings = given.settings
    if not own:
        settings = replace(settings, choose=_how(choice, settings.choose))
        if settings.choose not in (KNOWN, MARKED):
            settings = replace(settings, labels=int(field(settings, "labels", "rank-labels")))
    st.markdown("**Learning**")
    name = field(given, "panel", "rank-panel")
    more = _more(given, runs)
    settings = replace(settings, model=field(settings, "model", "rank-model"))
    settings = replace(settings, draws=int(field(settings, "draws", "rank-draws")))
    return replace(choice, ranking=RankingChoice(name, settings, more, own))


def _how(choice: Choice, chosen: str) -> str:
    """Show how labelled architectures are chosen; a marked subset only where there is one."""
    found = str(field(replace(choice.ranking.settings, choose=chosen), "choose", "rank-choose"))
    if found == MARKED and not benchmarks.subsets(choice.specification.space):
        st.caption(":material/info: This search space has no marked subset.")
    return found


def _own_labels(space: str, given: RankingChoice) -> tuple[tuple[str, float], ...]:
    """Show the upload of labels, and return those kept so far or in the file."""
    with st.expander("Accuracies of your own", icon=":material/upload_file:", expanded=bool(given.given)):
        return _uploaded(space, given)


def _uploaded(space: str, given: RankingChoice) -> tuple[tuple[str, float], ...]:
    file = st.file_uploader(
        "CSV file",
        type=["csv", "tsv", "txt"],
        key=state.key(f"rank-own-{space}"),
        help="A column `architecture` and one of accuracies, higher is better. They replace the labels drawn from the "
        "table. To keep accuracies for all pages, import them on the Architectures page.",
    )
    if file is not None:
        try:
            return labels_in(space, file.getvalue(), file.name)
        except UserError as error:
            show_error(error)
            return ()
    if given.given:
        st.caption(f":material/label: {counted(len(given.given), 'label')} of your own, from the run that is shown.")
        if st.button("Leave them out", key="rank-own-out"):
            return ()
    return given.given


def _more(given: RankingChoice, runs: list[Run]) -> tuple[NamedProxy, ...]:
    """Show the proxies that can be added to the panel."""
    offered = {proxy.name: proxy for proxy in given.more}
    for run in runs:
        if (found := proxy_of(run)) is not None:
            offered.setdefault(RUN + run.id, NamedProxy(RUN + run.id, found))
    if not offered:
        return ()
    titles = {RUN + run.id: f"{run.id}: {run.specification.title}" for run in runs}
    chosen = st.multiselect(
        "Proxies that your searches have found",
        list(offered),
        [proxy.name for proxy in given.more],
        format_func=lambda name: titles.get(name, name),
        key=state.key("rank-more"),
        placeholder="Choose searches",
        help="Each member of a found proxy becomes a score of its own that the model can weigh.",
    )
    return tuple(offered[name] for name in chosen)
