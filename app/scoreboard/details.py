"""Details of one cell of the scoreboard: published, measured, how to measure it again, or why it is empty."""

from __future__ import annotations

import statistics
from collections.abc import Mapping

import streamlit as st

from app.charts.layout import rounded
from app.scoreboard.launch import launch_one
from app.shell.command import command_panel
from app.shell.opening import open_run
from app.shell.wording import estimate, plain
from app.views.metric import metric
from eproxy_engine import spaces
from eproxy_engine.runs import Run, Store
from eproxy_engine.scoreboard import Entry, learned
from eproxy_engine.scoreboard.measured import ESTIMATES, Measurement


def details_panel(store: Store, runs: list[Run], entry: Entry | None) -> None:
    """Show what is known of the chosen cell and what can be done about it."""
    if entry is None:
        st.info(
            "Choose a cell: on how many architectures, how wide networks, its interval, how to measure it.",
            icon=":material/touch_app:",
        )
        return
    st.header(plain(entry.cell.title), anchor=False)
    _figures(entry)
    if entry.cell.note:
        st.caption(f":material/history_edu: {plain(entry.cell.note)}")
    if entry.measured is not None:
        _measured(runs, entry, entry.measured)
        if entry.measured.study is not None:
            _shipped(store, runs, entry, entry.measured)
    elif entry.averaged is not None:
        done, of = entry.averaged
        st.info(f"Mean of the row: {done} of its {of} cells are measured.", icon=":material/functions:")
    elif entry.recipe.why_not:
        st.info(entry.recipe.why_not, icon=":material/block:")
    elif entry.coming:
        _coming(runs, entry.coming)
    elif entry.recipe.specification is not None:
        if entry.left_out:
            st.markdown(f"**Why it is not measured yet:** {entry.left_out}")
        launch_one(store, runs, entry)
        command_panel(entry.recipe.specification)


def _shipped(store: Store, runs: list[Run], entry: Entry, measured: Measurement) -> None:
    """Say where a result that ships is from, what ships beside it, and offer to measure the cell on this machine."""
    study = measured.study
    assert study is not None
    for other in measured.others:
        st.markdown(f"At stem width {other.width}: ρ **{_with_interval(other.estimates)}**, n = {other.n:,}.")
    commit = study.commit if "`" in study.commit else f"`{study.commit}`"
    st.caption(
        f"Ships with the product: {plain(study.title)}. Commit {commit}, date: {study.date}, machine: {study.machine}. "
        "A run of yours takes its place."
    )
    if study.about:
        with st.expander("What was done", icon=":material/science:"):
            st.markdown(study.about)
    if entry.coming:
        _coming(runs, entry.coming)
    elif entry.recipe.specification is not None:
        launch_one(store, runs, entry, "Measure it on this machine")


def _with_interval(estimates: Mapping[str, float]) -> str:
    value, interval = estimate(dict.fromkeys(ESTIMATES) | dict(estimates), "rho", percent=False)
    return f"{value} [{interval}]".replace("-", "−") if interval else value.replace("-", "−")


def _figures(entry: Entry) -> None:
    """Show ρ and top-10% retrieval, published and measured, side by side."""
    cell = entry.cell
    transferred = "transferred (T)" if cell.transferred else ""
    with st.container(horizontal=True, gap="small"):
        metric("ρ, paper", "–" if cell.rho is None else rounded(cell.rho), transferred, width="content")
        metric("ρ, here", *_estimate(entry, "rho"), width="content")
        if cell.top10 is None and (entry.measured is None or entry.measured.estimates["top10"] is None):
            return
        metric("Top-10%, paper", "–" if cell.top10 is None else f"{cell.top10:.0%}", "", width="content")
        metric("Top-10%, here", *_estimate(entry, "top10"), width="content")


def _estimate(entry: Entry, name: str) -> tuple[str, str]:
    """Return value and interval."""
    if entry.measured is None:
        return "–", ""
    value, interval = estimate(entry.measured.estimates, name, percent=name == "top10")
    return value.replace("-", "−"), interval.replace("-", "−")


def _measured(runs: list[Run], entry: Entry, measured: Measurement) -> None:
    st.markdown(_conditions(entry, measured))
    if verdict := _verdict(entry, measured):
        st.caption(verdict)
    run = next((run for run in runs if run.id == measured.run), None)
    if run is not None and st.button("Open the run", icon=":material/open_in_new:", key="open-cell"):
        open_run(run)
    st.caption("The same on the command line:" if measured.study is None else "Measured by")
    st.code(measured.command, language="bash", wrap_lines=True)


def _conditions(entry: Entry, measured: Measurement) -> str:
    """Describe n, width, images, seeds and their spread."""
    if entry.averaged is not None:
        return f"Mean of the row's {entry.averaged[1]} cells; n = {measured.n:,} or more each."
    if measured.spread is not None:
        return (
            f"Mean of {learned.DRAWS} draws of {learned.LABELS} labels, standard deviation {measured.spread:.3f}; each "
            f"judged on **n = {measured.n:,}** others. "
            + (f"Run `{measured.run}`." if measured.run else "Ships with the product.")
        )
    if entry.recipe.trained_task is not None:
        return f"**n = {measured.n:,}**, all measured architectures. Read from the benchmark's table; no run needed."
    family = spaces.get(entry.recipe.space)
    parts = [f"**n = {measured.n:,}**", f"stem width {measured.width} of {family.published_width}"]
    seeds = dict(measured.seed_rhos)
    if len(seeds) > 1:
        spread = f"{rounded(statistics.mean(seeds.values()))} ± {rounded(statistics.stdev(seeds.values()))}"
        parts.append(f"seeds {', '.join(map(str, sorted(seeds)))}: ρ {spread}")
    else:
        parts += [f"seed {seed}" for seed in seeds]
    parts += [f"images {measured.images}", *([f"run `{measured.run}`"] if measured.run else [])]
    found = f" The proxy was found on {measured.found_on}, and transferred (T)." if measured.found_on else ""
    return f"{', '.join(parts)}.{found}"


def _verdict(entry: Entry, measured: Measurement) -> str | None:
    """Say whether the measured interval contains the published value."""
    low, high, published = measured.estimates["rho_low"], measured.estimates["rho_high"], entry.cell.rho
    if None in (low, high, published):
        return None
    if low <= published <= high:
        return ":material/check: The interval contains the published ρ."
    return f":material/info: The published ρ is {'above' if published > high else 'below'} the interval."


def _coming(runs: list[Run], run_id: str) -> None:
    run = next((run for run in runs if run.id == run_id), None)
    status = run.status if run else "queued"
    st.info(f"Run {run_id} is {status}. The cell fills when it finishes.", icon=":material/hourglass_top:")
    if run is not None and st.button("Open the run", icon=":material/open_in_new:", key="open-cell"):
        open_run(run)
