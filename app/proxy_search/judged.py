"""Judgement of the proxy found, on architectures that the search has not seen."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import streamlit as st

from app.proxy_search.charts.held_out import Ranked, held_out_data, held_out_figure, judged_data, judged_figure
from app.proxy_search.found import found_by
from app.proxy_search.learned import learned_estimate
from app.proxy_search.trials import search_of
from app.shell.wording import accuracy_title, score_title
from app.views.architecture import architecture_panel
from app.views.clicked import clicked
from app.views.drawn import drawn
from app.views.evaluated import finished_rows
from app.views.point_choice import newly_chosen, point_choice
from app.views.stacked import stacked_columns
from eproxy_engine import benchmarks, statistics
from eproxy_engine.proxy import Configuration
from eproxy_engine.runs import Run, Store
from eproxy_engine.runs.kinds.proxy_search.plan import proxy_in
from eproxy_engine.scoring import combined, first_of
from eproxy_engine.search.proxy_search.search import Trial

LEARNED = (
    "The learned ranking weighs many cheap scores by the very accuracies that the search chose its proxy by; the page "
    "*Learned ranking* shows how."
)
LEARNED_MISSING = "The page *Learned ranking* shows what the same accuracies give if they weigh many cheap scores."


def judged_panel(store: Store, run: Run, trials: list[Trial]) -> None:
    """Show the sample beside the held-out architectures, and the proxy beside the default one and size alone."""
    judged = (run.result or {}).get("judged")
    found = proxy_in(run.result)
    if not judged or found is None:
        never = "This search has no judgement because it was launched without held-out architectures."
        st.info("The judgement comes at the end." if search_of(run).held_out else never, icon=":material/balance:")
        return
    held_out = finished_rows(store, search_of(run).judge(found))
    given = search_of(run)
    unit = benchmarks.task(given.space, given.task).unit
    first = first_of(found)
    selected = st.session_state.get(f"held-out-architecture-{run.id}")
    data = held_out_data(_sample(run, trials), _ranked(held_out, judged["proxy"]), selected)
    event = st.plotly_chart(
        drawn(
            held_out_figure,
            data,
            barrier=isinstance(first, Configuration) and first.barrier,
            accuracy_title=accuracy_title(unit),
            score_title=score_title(found),
        ),
        key=f"held-out-{run.id}",
        height=420,
        on_select="rerun",
        selection_mode="points",
        alt="Score against accuracy, on the sample and on held-out architectures",
    )
    points = [text for panel in data.panels for text in panel.architecture]
    chosen = point_choice("Architecture", list(dict.fromkeys(points)), selected, f"held-out-point-{run.id}")
    if (architecture := newly_chosen(selected, chosen, clicked(event))) is not None:
        st.session_state[f"held-out-architecture-{run.id}"] = architecture
        st.rerun(scope="fragment")
    left, right = stacked_columns("judged", [5, 3])
    names = {**judged, **judged["proxy"]["reference"]}
    if learned := learned_estimate(store, run, given.judge(found)):
        names["learned"] = learned
    left.plotly_chart(
        drawn(judged_figure, judged_data(names)), key=f"judged-{run.id}", alt="ρ with interval of each proxy"
    )
    left.caption(
        f"All on the same {judged['proxy']['n']} held-out architectures; bars are 95% bootstrap intervals over them. "
        + (LEARNED if learned else LEARNED_MISSING)
    )
    with right:
        if selected is None:
            st.info("Click a point to see its architecture.", icon=":material/touch_app:")
        else:
            architecture_panel(given.space, selected, held_out)


def _ranked(evaluated: pd.DataFrame, estimate: dict[str, float]) -> Ranked:
    return Ranked(
        evaluated["architecture"].tolist(),
        evaluated["accuracy"].to_numpy(float),
        evaluated["score"].to_numpy(float),
        estimate,
    )


def _sample(run: Run, trials: list[Trial]) -> Ranked:
    """Return the scores of the proxy found on the sample."""
    found = found_by(run, trials)
    assert found is not None
    problem = search_of(run).problem()
    members = [[-math.inf if s is None else s for s in trials[place].scores] for place in found.places]
    scores = combined(found.proxy, np.array(members), np.array(problem.flops_norm))
    accuracy = np.array(problem.accuracy)
    return Ranked(list(problem.architectures), accuracy, scores, statistics.correlate(scores, accuracy).as_dict())
