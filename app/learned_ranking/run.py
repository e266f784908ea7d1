"""The page below its title: the ranking at once, the judgement once it has run."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app.learned_ranking.judged import calibration_panel, cost_text, curve_panel, models_panel, parts_panel
from app.learned_ranking.next import next_panel
from app.learned_ranking.problem import problem_shown
from app.learned_ranking.ranked import numbers_panel, scatter_panel, table_panel
from app.shell.downloads import export_panel
from app.shell.progress import progress_panel
from app.shell.tabs import tabs_panel
from eproxy_engine.runs import RankingSpecification, Run, Store
from eproxy_engine.runs.kinds.ranking.problem import ranking


def ranking_panel(store: Store, runs: list[Run], given: RankingSpecification, run: Run | None) -> None:
    """Show what is known of a ranking.

    Args:
        store: The store.
        runs: All runs in it.
        given: What the controls specify.
        run: The run with this specification; None if it was not launched.
    """
    if run is not None:
        progress_panel(store, run)
    if run is not None and isinstance(run.specification, RankingSpecification):
        given = run.specification  # an equal one, which also says who computes
    problem = problem_shown(store, runs, given)
    panels: dict[str, Callable[[], None]] = {}
    if problem is None:
        st.info("Press **Judge** to compute the scores of these architectures.", icon=":material/balance:")
    else:
        table = ranking(problem)
        numbers_panel(problem)
        panels |= {
            "Ranking": lambda: scatter_panel(problem, table),
            "Table": lambda: table_panel(problem, table),
            "Measure next": lambda: next_panel(problem, table),
        }
    if run is not None and run.result:
        finished = run
        panels |= {
            "Models": lambda: models_panel(finished, runs),
            "Learning curve": lambda: curve_panel(finished),
            "What carries it": lambda: parts_panel(finished),
            "Calibration": lambda: calibration_panel(finished),
            "Export": lambda: export_panel(store, finished, []),
        }
    if panels:
        tabs_panel(panels, "ranking-tab")
    if run is not None and run.result:
        st.caption(cost_text(run))
    elif problem is not None:
        st.caption(
            ":material/info: This is the ranking by one choice of labels. **Judge** it over many to see models side by "
            "side, the learning curve, what carries the ranking, and how far its intervals hold."
        )
