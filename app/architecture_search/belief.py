"""What the model of a Bayesian search believed, query by query, and why it asked for what it asked."""

from __future__ import annotations

import json

import pandas as pd
import streamlit as st

from app.architecture_search.charts.belief import belief_data, belief_figure, outcomes_data, outcomes_figure
from app.architecture_search.shown import search_of
from app.architecture_search.trials import moment_of
from app.charts.layout import plain_title, rounded
from app.shell.wording import accuracy_title
from app.views.drawn import drawn
from app.views.stacked import stacked_columns
from eproxy_engine import benchmarks
from eproxy_engine.counted import counted
from eproxy_engine.runs import ArchitectureSearchSpecification, Run, Store
from eproxy_engine.search.architecture_search.belief import Asked, Belief, Beliefs
from eproxy_engine.search.strategies.bayesian import FIRST

REASONS = {
    "improvement": "uncertain enough to promise more than the predicted best",
    "upper-bound": "uncertain enough to reach higher than the predicted best",
    "thompson": "the best in a random draw from the belief",
}
"""Why the model asks for another than the predicted best, by acquisition."""
COLUMNS = {
    "query": st.column_config.NumberColumn("query", width="small"),
    "predicted": st.column_config.NumberColumn(
        format="%.2f", help="Normal score among the accuracies queried before: 0 is their middle."
    ),
    "±": st.column_config.NumberColumn(format="%.2f", help="Standard deviation of the prediction."),
    "rank": st.column_config.NumberColumn(help="By prediction, among all that were not queried."),
    "accuracy": st.column_config.NumberColumn(format="%.4g", help="Measured by this query."),
    "expected improvement": st.column_config.NumberColumn(
        format="%.3f", help="How far it is expected to exceed the best, counting nothing where it does not."
    ),
}


def belief_panel(store: Store, run: Run) -> None:
    """Show belief and queries of the first seed."""
    given = search_of(run)
    if given.settings.strategy != "bayesian":
        st.info(
            "This strategy has no model. Choose a Bayesian search above to see what one believed.",
            icon=":material/info:",
        )
        return
    if given.settings.compute:
        st.info("The belief is shown for searches by scores that ship, not by computed ones.", icon=":material/info:")
        return
    first = given.settings.first or FIRST
    asked = _asked(str(store.path), run.id, json.dumps(given.as_dict()), moment_of(run), first)
    if not asked:
        st.info(
            f"The belief appears after the first {counted(first, 'query', 'queries')}.",
            icon=":material/hourglass_empty:",
        )
        return
    query = asked[-1].query
    if len(asked) > 1:
        query = st.slider(
            "Query",
            asked[0].query,
            asked[-1].query,
            query,
            key=f"nas-belief-{run.id}",
            help="Shows what the model believed just before this query of the first seed.",
        )
    following = next(each for each in asked if each.query == query)
    st.markdown(_told(following, given.settings.acquisition))
    belief = _belief(str(store.path), run.id, json.dumps(given.as_dict()), query - 1)
    unit = benchmarks.task(given.space, given.task).unit
    digits = 2 if unit == "%" else 4
    left, right = stacked_columns("belief", 2)
    figure = drawn(belief_figure, belief_data(belief, following, digits), accuracy_title(unit))
    left.plotly_chart(figure, key=f"nas-belief-front-{run.id}", height=460, alt=plain_title(figure))
    figure = drawn(outcomes_figure, outcomes_data(asked, query, digits))
    right.plotly_chart(figure, key=f"nas-belief-outcomes-{run.id}", height=460, alt=plain_title(figure))
    st.caption(
        "In the first picture, no other architecture is predicted better with as few FLOPs as one in the front. In the "
        "second, a good model is surprised in one of five queries. Networks that are equal count once."
    )
    table = _table(asked, given)
    st.dataframe(
        table,
        hide_index=True,
        height=300,
        column_order=[*COLUMNS, "why", "architecture"],
        column_config=COLUMNS,
        key=f"nas-belief-table-{run.id}",
    )


def _told(asked: Asked, acquisition: str) -> str:
    why = "the predicted best" if asked.rank == 1 else REASONS[acquisition]
    return (
        f"**Query {asked.query}** asks for number {asked.rank:,} of {asked.candidates:,} by prediction, {why}: "
        f"predicted {rounded(asked.mean)} ± {rounded(asked.deviation)}, measured {rounded(asked.measured)} "
        f"(accuracy {asked.accuracy:.4g})."
    )


def _table(asked: list[Asked], given: ArchitectureSearchSpecification) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "query": each.query,
                "architecture": each.architecture,
                "why": "predicted best" if each.rank == 1 else REASONS[given.settings.acquisition],
                "predicted": each.mean,
                "±": each.deviation,
                "rank": each.rank,
                "expected improvement": each.improvement,
                "accuracy": each.accuracy,
            }
            for each in asked
        ]
    )


@st.cache_resource(max_entries=4, show_spinner="Working out the belief …")
def _beliefs(path: str, run_id: str, specification: str, moment: str) -> Beliefs:
    given = ArchitectureSearchSpecification.from_dict(json.loads(specification))
    queries = [
        (trial["architecture"], trial["accuracy"])
        for trial in Store(path).history(run_id)
        if trial["query"] is not None
    ]
    return Beliefs(given.domain, given.settings.panel, queries)


@st.cache_data(max_entries=20, show_spinner="Working out the belief …")
def _asked(path: str, run_id: str, specification: str, moment: str, first: int) -> list[Asked]:
    beliefs = _beliefs(path, run_id, specification, moment)
    return beliefs.asked(first) if beliefs.most > first else []


@st.cache_data(max_entries=50, show_spinner=False)
def _belief(path: str, run_id: str, specification: str, queries: int) -> Belief:
    run = Store(path).run(run_id)
    return _beliefs(path, run_id, specification, moment_of(run)).after(queries)
