"""A run beside its reference, on the architectures that both have evaluated."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from app.charts import palette
from app.charts.loss_curves import loss_curves_data, loss_curves_figure
from app.charts.scatter import correlation_title, scatter_data, scatter_figure
from app.proxy.charts.overlay import overlay_data, overlay_figure
from app.proxy.reference import barrier_switched
from app.shell.wording import accuracy_title, plain, score_title
from app.views.barrier_story import barrier_story
from app.views.colours import proxy_colour
from app.views.difference import verdict
from app.views.drawn import drawn
from app.views.evaluated import evaluated_rows, evaluation_of
from app.views.metric import difference_metric, estimate_metric, preliminary, too_few
from app.views.stacked import stacked_columns
from eproxy_engine import benchmarks, statistics
from eproxy_engine.baselines import Baseline
from eproxy_engine.runs import Run, Store
from eproxy_engine.runs.kinds.evaluation.rows import in_both, judged
from eproxy_engine.scoring import first_of
from eproxy_engine.statistics import Difference


class Side(NamedTuple):
    """One of two runs, on the architectures of both."""

    run: Run
    name: str
    """``with the barrier``, ``without``, ``this run`` or ``the reference``."""
    rows: pd.DataFrame
    """As :func:`app.views.evaluated.evaluated_rows`, in the same order for both, accuracy known."""
    estimates: dict[str, Any]
    """``rho``, ``top10`` and their intervals, ``n``."""


class Compared(NamedTuple):
    """Two runs and what tells them apart."""

    sides: tuple[Side, Side]
    """With the barrier first; else the run, then its reference."""
    barrier: bool
    """Whether only the barrier differs."""
    rho: Difference
    top10: Difference
    asked: int
    """Architectures that both will have evaluated."""


def compared_runs(store: Store, run: Run, reference: Run) -> Compared:
    """Pair the architectures that both runs have evaluated and whose accuracy is known."""
    barrier = barrier_switched(run, reference)
    pair, names = [run, reference], ["this run", "the reference"]
    if barrier:
        pair.sort(key=lambda each: not evaluation_of(each).proxy.barrier)  # type: ignore[union-attr]
        names = ["with the barrier", "without"]
    own = [judged(evaluated_rows(store, each)) for each in pair]
    rows: list[pd.DataFrame] = [*in_both(*own)]
    scores = [each["score"].tolist() for each in rows]
    found, (rho, top10) = _statistics(scores[0], scores[1], rows[0]["accuracy"].tolist())
    if rows[0].empty:  # the runs follow each other: the first is looked at while the second waits
        rows = own
        found = [statistics.correlate(each["score"], each["accuracy"]).as_dict() for each in rows]
    sides = [
        Side(each, name, part.reset_index(), {**values, "n": len(part)})
        for each, name, part, values in zip(pair, names, rows, found, strict=True)
    ]
    asked = [set(_measured(each)) for each in pair]
    n = len(asked[0] & asked[1])
    return Compared((sides[0], sides[1]), barrier, Difference(*rho), Difference(*top10), n)


def compared_numbers(found: Compared) -> None:
    """Show ρ of both, the difference with its paired interval, and the verdict in a sentence."""
    n = found.rho.n
    if few := too_few(n, found.asked):
        st.info(f"In both runs, {few}", icon=":material/hourglass_empty:")
        return
    first, second = found.sides
    sides = ("the barrier", "no barrier") if found.barrier else (first.name, second.name)
    ahead = plain(verdict(found.rho, *sides))
    st.markdown(f"{preliminary(n, found.asked)}On the same {n:,} architectures **{ahead}**.")
    columns = st.columns(4)
    for column, side in zip(columns, found.sides, strict=False):
        with column:
            estimate_metric(f"ρ {side.name}", side.estimates, "rho")
    with columns[2]:
        difference_metric("Difference of ρ", found.rho)
    with columns[3]:
        difference_metric("Difference of top-10%", found.top10, percent=True)
    if found.barrier and n >= found.asked and not (found.rho.beyond_chance and found.rho.value > 0):
        barrier_story("The barrier is not ahead here. When does it help?")


def beside_panel(found: Compared, selected: str | None) -> None:
    """Show scatter plots and loss curves of both runs, side by side."""
    ranks = st.toggle("Show ranks", key="ranks-beside", help="Show ranks instead of values: ρ sees only these.")
    unit = _unit(found)
    columns = stacked_columns("both", 2)
    for column, side in zip(columns, found.sides, strict=True):
        given = evaluation_of(side.run)
        titles = ("rank of accuracy", "rank of score") if ranks else (accuracy_title(unit), score_title(given.proxy))
        data = scatter_data(side.rows, side.estimates, selected, ranks)
        data = data._replace(title=f"{side.name.capitalize()}: {_rho(side)}")
        column.plotly_chart(
            drawn(
                scatter_figure, data, colour=proxy_colour(given.proxy), accuracy_title=titles[0], score_title=titles[1]
            ),
            key=f"beside-{side.run.id}",
            height=340,
            alt=f"Score against accuracy {side.name}, {len(side.rows)} architectures",
        )
    for column, side in zip(columns, found.sides, strict=True):
        if isinstance(first_of(evaluation_of(side.run).proxy), Baseline):
            column.caption(f"{plain(side.name.capitalize())}: this proxy trains nothing, so there are no loss curves.")
            continue
        curves = loss_curves_data(side.rows, selected)._replace(title=f"{side.name.capitalize()}: loss")
        column.plotly_chart(
            drawn(loss_curves_figure, curves, accuracy_title=accuracy_title(unit)),
            key=f"beside-curves-{side.run.id}",
            height=320,
            alt=f"Loss at each iteration {side.name}",
        )
    if found.barrier:
        st.caption(
            "Losses with and without the barrier are of different targets: compare how far the curves of one picture "
            "are apart, and in which order, not one picture's losses with the other's."
        )


def overlay_panel(found: Compared) -> None:
    """Show the ranks by both runs in one picture."""
    first, second = found.sides
    data = overlay_data(first.rows, second.rows["score"].to_numpy(float), (first.name, second.name), found.rho)
    colours = proxy_colour(evaluation_of(first.run).proxy), proxy_colour(evaluation_of(second.run).proxy)
    if colours[0] == colours[1]:
        colours = colours[0], palette.MUTED
    st.plotly_chart(
        drawn(overlay_figure, data, *colours),
        key=f"overlay-{first.run.id}-{second.run.id}",
        height=460,
        alt=f"Ranks of {len(first.rows)} architectures by score and by accuracy, {first.name} and {second.name}",
    )


def _rho(side: Side) -> str:
    return f"n = {len(side.rows)}" if too_few(len(side.rows), 0) else correlation_title(side.estimates)


def _unit(found: Compared) -> str:
    given = evaluation_of(found.sides[0].run)
    return benchmarks.task(given.space, given.task).unit


def _measured(run: Run) -> list[str]:
    table = evaluation_of(run).architectures()
    return table.loc[table["accuracy"].notna(), "architecture"].tolist()


@st.cache_data(max_entries=50, show_spinner=False)
def _statistics(
    first: list[float], second: list[float], accuracy: list[float]
) -> tuple[list[dict[str, Any]], list[tuple[Any, ...]]]:
    """Return the estimates of both, and the fields of the differences of ρ and top-10%."""
    estimates: list[dict[str, Any]] = [{}, {}]
    differences = []
    for name, statistic in (("rho", statistics.spearman), ("top10", statistics.top_retrieval)):
        found = statistics.resampled_together(statistic, [first, second], accuracy)
        for i, values in enumerate(estimates):
            values |= found.estimate(i).as_dict(name)
        gap = found.difference(0, 1)
        differences.append(astuple(gap))
    return estimates, differences
