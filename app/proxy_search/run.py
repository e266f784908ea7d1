"""Progress and results of a proxy search."""

from __future__ import annotations

import streamlit as st

from app.proxy_search.card import card
from app.proxy_search.components import components_panel
from app.proxy_search.export import search_export
from app.proxy_search.found import found_panel
from app.proxy_search.history import history_panel, lineage_panel
from app.proxy_search.judged import judged_panel
from app.proxy_search.launch import specified
from app.proxy_search.transfer import transfer_panel
from app.proxy_search.trials import search_of, trials_of
from app.shell import state, warming
from app.shell.choice import with_run
from app.shell.heading import run_heading
from app.shell.progress import progress_panel
from app.shell.tabs import tabs_panel
from app.views.metric import metric, metric_places, too_few
from eproxy_engine.runs import Run, Store
from eproxy_engine.search.proxy_search.search import Trial


def run_panel(store: Store, run: Run) -> None:
    """Show title, progress, the worth of what was found or else the numbers so far, and one tab per view."""
    run_heading(run, run.specification != specified(), lambda: with_run(state.choice(), run))
    progress_panel(store, run)
    trials = trials_of(store, run)
    if not trials:
        st.caption("The history appears once the first configurations are fully evaluated.")
        return
    if (run.result or {}).get("judged"):
        card(store, run)
    else:
        _numbers(run, trials)
    panels = {
        "History": lambda: history_panel(store, run, trials),
        "Found proxy": lambda: found_panel(run, trials),
        "Judgement": lambda: judged_panel(store, run, trials),
        "Components": lambda: components_panel(run, trials),
        "Lineage": lambda: lineage_panel(run, trials),
        "Transfer": lambda: transfer_panel(store, run),
        "Export": lambda: search_export(store, run, trials),
    }
    tabs_panel(panels, "search-tab")
    warming.import_later("scipy.stats", "optuna.importance", warming.TORCH)


def _numbers(run: Run, trials: list[Trial]) -> None:
    progress, result, population = run.progress, run.result or {}, search_of(run).settings.first
    best = max((trial.rho for trial in trials if trial.scores), default=None)
    living = [trial.rho for trial in trials[-population:]]
    few = too_few(len(search_of(run).architectures()), 0)
    columns = metric_places(4)
    with columns[0]:
        metric(
            "Trials",
            len(trials),
            f"of {search_of(run).settings.trials}",
            help="Configurations tried.",
        )
    with columns[1]:
        metric(
            "Best alone, on the sample",
            "–" if best is None or few else f"{best:.2f}",
            few or "optimistic",
            help="ρ of the best single configuration. Optimistic, because it was chosen on these same architectures.",
        )
    with columns[2]:
        metric(
            "Population mean",
            "–" if few else f"{sum(living) / len(living):.2f}",
            f"the last {len(living)}",
            help="Mean ρ of the youngest configurations.",
        )
    done, reused = progress.get("done", result.get("evaluations")), progress.get("reused", 0)
    with columns[3]:
        metric(
            "Evaluations",
            "–" if done is None else f"{done:,}",
            f"{reused:,} stored before" if progress else "computed elsewhere",
            help="Different evaluations that the search needed. Those of earlier runs are reused.",
        )
