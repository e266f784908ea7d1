"""Chart of one table of the scoreboard."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app.scoreboard.charts.published_measured import published_measured_data, published_measured_figure
from app.views.drawn import drawn
from eproxy_engine.scoreboard import Entry

COLUMNS = ["group", "name", "published", "measured", "low", "high"]


def chart_panel(entries: Sequence[Entry], key: str) -> None:
    """Show published against measured ρ of all cells but averages; nothing until one is measured."""
    cells = pd.DataFrame(
        [
            (entry.cell.row, entry.cell.column, entry.cell.rho, *_measured(entry))
            for entry in entries
            if entry.measured is not None and entry.averaged is None
        ],
        columns=COLUMNS,
    )
    figures = cells.astype(dict.fromkeys(COLUMNS[2:], float))
    data = published_measured_data(figures)
    if not data.names:
        st.caption(":material/scatter_plot: Once a cell is measured, this chart shows published against measured ρ.")
        return
    st.plotly_chart(
        drawn(published_measured_figure, data),
        key=key,
        height=430,
        alt="Published against measured ρ, one point per cell",
    )


def _measured(entry: Entry) -> list[float | None]:
    assert entry.measured is not None
    return [entry.measured.estimates[name] for name in ("rho", "rho_low", "rho_high")]
