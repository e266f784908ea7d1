"""Score against size of the architectures that a search scored."""

from __future__ import annotations

import streamlit as st

from app.architecture_search.charts.front import SIZES, front_data, front_figure
from app.architecture_search.shown import search_of
from app.architecture_search.trials import trials_of
from app.charts.layout import plain_title
from app.shell.wording import score_title
from app.views.drawn import drawn
from eproxy_engine import spaces
from eproxy_engine.runs import ArchitectureSearchSpecification, Run, Store
from eproxy_engine.spaces.cells.darts import DARTSOpen


def front_panel(store: Store, run: Run) -> None:
    """Show score against FLOPs or parameters for the first seed."""
    given = search_of(run)
    if not given.settings.needs_proxy:
        st.info(
            "This strategy goes by accuracies alone, so nothing was scored. Choose a run above that a proxy led, or a "
            "strategy with a proxy on the left.",
            icon=":material/info:",
        )
        return
    trials = trials_of(store, run)
    size = st.segmented_control(
        "Size", list(SIZES), default="flops", required=True, format_func=SIZES.__getitem__, key=f"nas-size-{run.id}"
    )
    best = (run.result or {}).get("best")
    data = front_data(trials, str(size), best["architecture"] if best else None, _allowed(given, str(size)))
    figure = drawn(
        front_figure,
        data,
        str(size),
        score_title="predicted normal score" if given.settings.labels_from else score_title(given.proxy),
    )
    st.plotly_chart(figure, key=f"nas-front-{run.id}", height=480, alt=plain_title(figure))
    failed = f" {data.failed} have no finite score and are not shown." if data.failed else ""
    unscored = (
        " The architecture found is missing: it was queried, not scored." if best and not data.found.any() else ""
    )
    st.caption(f"Architectures that the first seed scored. Shaded: outside the constraints.{failed}{unscored}")


def _allowed(given: ArchitectureSearchSpecification, size: str) -> tuple[int | None, int | None]:
    """Return the bounds of the search and of the space itself."""
    low, high = given.settings.constraints.of(size)
    family = spaces.get(given.space)
    if size == "flops" and isinstance(family, DARTSOpen):
        return max(low or 0, family.min_flops), min(high or family.max_flops, family.max_flops)
    return low, high
