"""Step 7: the loss surfaces."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from app.charts.shown import Shown
from app.charts.surface_titles import figures
from app.charts.surfaces import surfaces_data, surfaces_figure
from app.lesson import data
from app.lesson.recompute import Offer, chosen_outcomes, recompute_panel
from app.lesson.telling import begun, finding, folded, words
from app.views.architecture import dark_theme
from app.views.linked_figure import linked_figure
from app.views.surfaces import names_of
from eproxy_engine.runs import LandscapeSpecification, Store
from eproxy_engine.runs.kinds.landscape.plan import surface_of
from eproxy_engine.runs.plan import Outcomes

TITLE = "The surfaces"
HEIGHT = 480
"""Height of a row of surfaces in pixels."""
BOTH = "both"


def show(store: Store) -> None:
    """Show surfaces of the good and the bad architecture, with and without the barrier. Raises UserError."""
    text = words("surfaces")
    above = begun(text)
    given = data.landscapes()
    names = names_of(given.specification)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        options = [*names, BOTH] if len(names) == 2 else list(names)
        chosen = st.segmented_control(
            "Architecture",
            options,
            format_func=lambda one: names.get(one, one),
            default=options[0],
            required=True,
            key="lesson-surface",
        )
        logarithmic = st.toggle("Logarithmic", value=True, key="lesson-surface-log")
    outcomes = chosen_outcomes(store, [given.specification], given.outcomes, "surfaces")
    everything = _shown(given.specification, outcomes, names)
    seen = [each for architecture, each in everything if chosen in (architecture, BOTH)]
    rows = 2 if len(seen) > 2 else 1
    drawn = surfaces_data(seen, logarithmic)
    linked_figure(surfaces_figure(drawn, dark_theme()), "lesson-surfaces", HEIGHT * rows)
    finding(above, _sentence(everything, names))
    folded(text)
    recompute_panel(store, [Offer("these surfaces", (given.specification,))], "surfaces")


def _shown(given: LandscapeSpecification, outcomes: Outcomes, names: dict[str, str]) -> list[tuple[str, Shown]]:
    """Return one surface per architecture and barrier, at the first seed, directions and centre."""
    first = given.surfaces()[0]
    surfaces = [each for each in given.surfaces() if (each.seed, each.view) == (first.seed, first.view)]
    return [
        (
            each.architecture,
            Shown(
                f"{names[each.architecture]}, {'with' if each.barrier else 'without'}",
                each.barrier,
                surface_of(given, each, outcomes),
            ),
        )
        for each in sorted(surfaces, key=lambda one: (list(names).index(one.architecture), one.barrier))
    ]


def _sentence(everything: Sequence[tuple[str, Shown]], names: dict[str, str]) -> str:
    """Say whether the measures agree with the paper: rougher with the barrier, and more different."""
    if not all(shown.landscape.complete for _, shown in everything):
        return "Not all surfaces are computed yet."
    rugged = {(text, shown.barrier): shown.landscape.measures.log_ruggedness for text, shown in everything}
    known = [text for text in names if all(np.isfinite(rugged.get((text, side), np.nan)) for side in (True, False))]
    if not known:
        return "No architecture has finite losses both with and without the barrier: nothing to compare."
    rougher = [text for text in known if rugged[text, True] > rugged[text, False]]
    told = "; ".join(
        f"{names[text]}: {figures(rugged[text, True])} with, {figures(rugged[text, False])} without" for text in known
    )
    agrees = "as" if len(rougher) == len(known) else "not quite as" if rougher else "not what"
    lines = [
        f"With the barrier the surface is rougher for **{len(rougher)} of {len(known)}**, {agrees} the paper says. "
        f"Ruggedness of log₁₀ loss: {told}."
    ]
    if len(known) == 2 and all(value > 0 for value in rugged.values()):
        lines.append(_apart(rugged, known))
    minima = {(text, shown.barrier): shown.landscape.measures.local_minima for text, shown in everything}
    lines.append(_minima(minima, names, known))
    return "  \n".join(lines)


def _apart(rugged: dict[tuple[str, bool], float], known: list[str]) -> str:
    """Say how different the two architectures are, as a factor of at least 1."""
    on, off = (float(np.exp(abs(np.log(rugged[known[0], side] / rugged[known[1], side])))) for side in (True, False))
    verdict = "They differ more with it, as the paper says." if on > off else "They do not differ more with it."
    return f"Good and bad differ by a factor of {figures(on)} with the barrier and {figures(off)} without. {verdict}"


def _minima(minima: dict[tuple[str, bool], int], names: dict[str, str], known: list[str]) -> str:
    """Answer the same question by another measure, which may disagree."""
    counts = "; ".join(f"{names[text]}: {minima[text, True]} with, {minima[text, False]} without" for text in known)
    fewer = [text for text in known if minima[text, True] < minima[text, False]]
    more = [text for text in known if minima[text, True] > minima[text, False]]
    verdict = "no clear answer" if bool(fewer) == bool(more) else "more with it" if more else "fewer with it"
    said = {
        "more with it": ", as on a rougher surface",
        "fewer with it": ": smoother by this measure",
    }
    return f"Local minima of the grid: {counts}. **{verdict.capitalize()}**{said.get(verdict, '')}."
