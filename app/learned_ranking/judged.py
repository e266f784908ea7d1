"""The judgement over many draws: models side by side, learning curve, what carries it, calibration."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.charts.layout import rounded
from app.learned_ranking.charts.calibration import calibration_figure
from app.learned_ranking.charts.curve import curve_data, curve_figure
from app.learned_ranking.charts.spreads import Spread, spreads, spreads_figure
from app.learned_ranking.names import score_title
from app.shell.shown_run import runs_of
from eproxy_engine.counted import counted
from eproxy_engine.learning.models import MODELS
from eproxy_engine.runs import ProxySearchSpecification, RankingSpecification, Run

WITHOUT = {
    "descriptors": "without descriptors",
    "prior": "without AZ-NAS as prior",
    "all computed scores": "size and descriptors alone: nothing run",
    "all but Eproxy and size": "Eproxy, size and descriptors",
    "all of Eproxy": "without any Eproxy score",
}
DECISIVE = 0.01
"""Differences of ρ below this are not worth a word."""


def models_panel(run: Run, runs: list[Run]) -> None:
    """Show every model and single score on the same draws, and the best proxy search beside them."""
    result = run.result or {}
    if not _is_judged(result):
        return
    models = {MODELS[name].title: found["rho"] for name, found in result["models"].items()}
    plain = {score_title(name): found["rho"] for name, found in result["references"].items()}
    rows = [*spreads(models, True), *spreads(plain, False), *_searched(run, runs)]
    best = max(rows, key=lambda row: row.mean)
    labels, n = counted(result["labels"], "label"), counted(result["n"], "held-out architecture")
    title = f"{best.name} ranks best, ρ = {rounded(best.mean)} ({labels}, {n}, {counted(result['draws'], 'draw')})"
    st.plotly_chart(
        spreads_figure(rows, title, "ρ (line: one standard deviation over draws)"),
        key=f"models-{run.id}",
        alt="ρ of every model and of single scores, with its standard deviation over draws",
    )
    st.caption(
        "Every model sees the same labelled architectures. The spread is over draws of these, on one sample: it shows "
        "how much of ρ is luck in choosing labels. A proxy search chooses one proxy by its labels; it is judged on "
        "held-out architectures of its own."
    )


def _searched(run: Run, runs: list[Run]) -> list[Spread]:
    """Return the best proxy that a search has found for the same space and task, by its own judgement."""
    given = run.specification
    judged = [
        each
        for each in runs_of(runs, ProxySearchSpecification)
        if (each.specification.space, each.specification.task) == (given.space, given.task)
        and (each.result or {}).get("rho") is not None
    ]
    if not judged:
        return []
    best = max(judged, key=lambda each: (each.result or {})["rho"])
    result = best.result or {}
    return [Spread(f"best proxy search ({best.id}, n = {result['n']})", result["rho"], 0.0, True)]


def curve_panel(run: Run) -> None:
    """Show ρ against the number of labels."""
    result = run.result or {}
    if not _is_judged(result):
        return
    if not result["curve"]:
        st.info("These labels are fixed. A learning curve needs labels that are drawn.", icon=":material/show_chart:")
        return
    references = {score_title(name): found for name, found in result["references"].items()}
    st.plotly_chart(
        curve_figure(curve_data(result["curve"], references)),
        key=f"curve-{run.id}",
        height=440,
        alt="ρ on held-out architectures against the number of labels",
    )
    st.dataframe(
        [
            {
                "labels": row["labels"],
                "ρ": _text(row["rho"]),
                "τ": _text(row["tau"]),
            }
            for row in result["curve"]
        ],
        hide_index=True,
        width="content",
    )


def parts_panel(run: Run) -> None:
    """Show which scores the ranking follows, and ρ without each score and group."""
    result = run.result or {}
    carried = [Spread(score_title(name), value, 0.0, True) for name, value in result["carried_by"].items()]
    st.plotly_chart(
        spreads_figure(carried, _followed(carried), "correlation of the prediction with the score", 0.0),
        key=f"carried-{run.id}",
        alt="Correlation of the prediction with each score",
    )
    st.caption("A negative correlation means that the model has turned the score upside down.")
    if not _is_judged(result):
        return
    rows = [
        Spread(WITHOUT.get(name, f"without {score_title(name)}"), found["mean"], found["sd"], True)
        for name, found in result["without"].items()
        if found["mean"] is not None
    ]
    whole = result["rho"]["mean"]
    st.markdown(_of_eproxy(result))
    st.plotly_chart(
        spreads_figure(rows, f"ρ without one part (dotted line: {whole:.3f} with all)", "ρ", whole),
        key=f"without-{run.id}",
        alt="ρ of the ranking without each score and each group of scores",
    )


def _followed(carried: list[Spread]) -> str:
    """Say which score the prediction follows most closely."""
    if not carried:
        return "The prediction follows no score"
    most = max(carried, key=lambda row: abs(row.mean))
    return f"The prediction follows {most.name} most closely: correlation {rounded(most.mean)}"


def _of_eproxy(result: dict[str, Any]) -> str:
    """Say what Eproxy's scores add."""
    without, whole = result["without"], result["rho"]["mean"]
    one = [name for name in result["references"] if name.startswith("eproxy")]
    name = "all of Eproxy" if "all of Eproxy" in without else f"{one[0]}" if one else ""
    if name not in without:
        return "This panel has no Eproxy score. Choose the panel *full* to see what Eproxy adds."
    gain = whole - without[name]["mean"]
    said = f"Eproxy's scores change ρ by **{gain:+.3f}**: "
    said += "they add nothing here" if abs(gain) < DECISIVE else "they help" if gain > 0 else "they do harm here"
    if "all but Eproxy and size" in without and "all computed scores" in without:
        alone = without["all but Eproxy and size"]["mean"] - without["all computed scores"]["mean"]
        said += f". Over size and descriptors alone, Eproxy adds **{alone:+.3f}**"
    return said + "."


def calibration_panel(run: Run) -> None:
    """Show how often measured accuracies lie in the model's intervals."""
    result = run.result or {}
    if _is_judged(result):
        st.plotly_chart(
            calibration_figure(result["coverage"]),
            key=f"calibration-{run.id}",
            height=420,
            alt="Share of held-out accuracies in the model's intervals against the nominal share",
        )
        st.caption("Below the dotted line, the model is too sure of itself; above it, it is too careful.")


def cost_text(run: Run) -> str:
    """Say what the panel would cost on a new search space."""
    seconds, given = (run.result or {}).get("seconds_per_architecture"), run.specification
    assert isinstance(given, RankingSpecification)
    if not given.panel.scores:
        return "This panel runs no network: it costs next to nothing on any search space."
    if seconds is None:
        return "The time of this panel's scores is unknown here."
    return f"The panel takes {seconds:.2f} s per architecture on one core, {1000 * seconds / 60:.0f} min per thousand."


def _is_judged(result: dict[str, Any]) -> bool:
    if "rho" in result:
        return True
    st.info("Too few held-out accuracies are known to judge this ranking.", icon=":material/balance:")
    return False


def _text(found: dict[str, Any]) -> str:
    return "–" if found["mean"] is None else f"{found['mean']:.3f} ± {found['sd']:.3f}"
