"""A comparison as files."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from app.charts.proxy_grid import proxy_grid_data, proxy_grid_figure
from app.panels.downloads import run_download
from eproxy_engine.baselines import Baseline
from eproxy_engine.runs import ComparisonSpecification, Run, Store
from eproxy_engine.scoring.named import NamedProxy, named


def export_panel(store: Store, run: Run, scores: pd.DataFrame, rows: list[dict[str, Any]]) -> None:
    """Table, scores, figure, the whole run, and the command that repeats it."""
    st.caption("Figures save themselves: the camera in their corner writes a PNG.")
    columns = st.columns(4)
    columns[0].download_button(
        "Table as CSV",
        lambda: pd.DataFrame(rows).to_csv(index=False),
        f"proxies-{run.id}.csv",
        "text/csv",
        icon=":material/table:",
        width="stretch",
        help="One row a proxy: every statistic with its interval, the ρ of every seed, cost, failures.",
    )
    columns[1].download_button(
        "Scores as CSV",
        lambda: scores.to_csv(index=False),
        f"proxy-scores-{run.id}.csv",
        "text/csv",
        icon=":material/table_rows:",
        width="stretch",
        help="One row an architecture, one column a proxy; −inf where it failed.",
    )
    columns[2].download_button(
        "Scatter plots as HTML",
        lambda: proxy_grid_figure(proxy_grid_data(scores, rows)).to_html(include_plotlyjs="cdn"),
        f"proxies-{run.id}.html",
        "text/html",
        icon=":material/html:",
        width="stretch",
        help="The interactive figure, in one file.",
    )
    run_download(columns[3], store, run, "The whole run")
    st.caption("The same on the command line:")
    st.code(command(run), language="bash", wrap_lines=True)


def command(run: Run) -> str:
    """The command line that gives the same figures; proxies without a name of their own are read from files."""
    given = run.specification
    assert isinstance(given, ComparisonSpecification)
    if given.sample.rule == "picked":
        sample = "--archs architectures.txt"
    else:
        sample = f"--rule {given.sample.rule} --sample {given.sample.size} --draw {given.sample.seed}"
    computed = [proxy.member for proxy in given.proxies if isinstance(proxy.member, Baseline)]
    member = next((member for member in computed if not member.tabulated), Baseline("flops"))
    chosen = " ".join(_option(proxy, member) for proxy in given.proxies)
    return (
        f"python -m eproxy_engine compare --space {given.space} --task {given.task} {sample} --seed {given.seed} "
        f"--seeds {len(given.seeds)} --images {given.images} --batch {member.batch} --width {member.width} {chosen}"
    )


def _option(proxy: NamedProxy, member: Baseline) -> str:
    known = not proxy.name.startswith("run:") and proxy.name != "tuned"
    if known and named(proxy.name, member.batch, member.width) == proxy:
        return f"--proxy {proxy.name}"
    return f"--config {proxy.name.replace(':', '-')}.yaml"
