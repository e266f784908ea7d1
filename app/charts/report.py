"""Parts of a report of a run: what each feature shows of its runs in a file that opens without the dashboard."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go


class Section(NamedTuple):
    """Part of a report. What it does not have is left out."""

    heading: str
    figure: go.Figure | None = None
    table: pd.DataFrame | None = None
    """Numbers are rounded by the report; texts are shown as they are."""
    text: str = ""
    """A sentence."""
    code: str = ""
    """Shown letter by letter."""
