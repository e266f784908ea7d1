"""What a report says of a run of landscapes."""

from __future__ import annotations

import pandas as pd

from app.charts.report import Section
from app.charts.surfaces import MOST_SURFACES, surfaces_data, surfaces_figure
from app.landscape.charts.contours import contours_data, contours_figure
from app.landscape.charts.measures import TITLES
from app.views.surfaces import MOST_ARCHITECTURES, landscape_run, names_of, recipe_line, shown_surface
from eproxy_engine.runs import Run, Store

MOST_BESIDE = 6
"""Most surfaces whose measures are shown as columns; more are rows, of which a page is too narrow to show all."""


def sections(store: Store, run: Run) -> list[Section]:
    """Return the surfaces of the best and the worst architecture from above and from the side, and all measures."""
    given = landscape_run(run)
    names, surfaces = names_of(given), given.surfaces()
    chosen = list(names)[:: max(len(names) - 1, 1)][:MOST_ARCHITECTURES]
    last = max(each.view.centre for each in surfaces)
    first = surfaces[0]
    looked = [
        each
        for each in surfaces
        if each.architecture in chosen
        and (each.seed, each.view.draw, each.view.centre) == (first.seed, first.view.draw, last)
    ][:MOST_SURFACES]
    shown = [shown_surface(store, given, each) for each in looked]
    height = 560 if len(shown) <= 2 else 980
    return [
        Section(
            "Surfaces",
            surfaces_figure(surfaces_data(shown, True), dark=False).update_layout(height=height),
            text=recipe_line(given, first),
        ),
        Section("From above", contours_figure(contours_data(shown, True))),
        Section("Measures", table=_measures(run, names)),
    ]


def _measures(run: Run, names: dict[str, str]) -> pd.DataFrame:
    rows = pd.DataFrame((run.result or {})["surfaces"])
    if rows.empty:
        return rows
    rows["architecture"] = rows["architecture"].map(names)
    rows["barrier"] = rows["barrier"].map({True: "with", False: "without"})
    columns = ["architecture", "barrier", "seed", "draw", "centre", *TITLES]
    table = rows[columns].rename(columns={**TITLES, "draw": "directions", "centre": "updates"})
    if len(table) > MOST_BESIDE:
        return table
    beside = table.astype(object).T.reset_index()
    return beside.set_axis(["", *(f"surface {place}" for place in range(1, len(table) + 1))], axis="columns")
