"""The proxy search space, in numbers."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.proxy_search.charts.components import component_title, value_text
from app.views.stacked import stacked_columns
from eproxy_engine.search.proxy_search.proxy_space import BRANCH_PARTS, PAPER_SIZE, SHARED_PARTS
from eproxy_engine.search.proxy_search.settings import ProxySearchSettings

LISTED = 6
"""Most options of a component that are all listed; with more, only the first and the last."""


def searched_panel(settings: ProxySearchSettings) -> None:
    """Show every component with its options, and the number of configurations."""
    space = settings.space()
    rows = [
        {
            "component": component_title(part),
            "for": "each branch" if part in BRANCH_PARTS else "all",
            "options": _options(getattr(space, part)),
        }
        for part in ("branches", *BRANCH_PARTS, *SHARED_PARTS)
    ]
    left, right = stacked_columns("searched", [3, 1])
    left.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height="content",
        column_config={
            "component": st.column_config.TextColumn(width=130),
            "for": st.column_config.TextColumn(width=90),
            "options": st.column_config.TextColumn(width="large"),
        },
    )
    right.metric("Configurations", f"{space.size:.1e}", help=f"Counted exactly: {space.size:,}.")
    right.caption(
        f"The paper says {PAPER_SIZE:.0e} (§2.2) but not how it counts. The FLOPs weight α costs no training: "
        "the score is minus L·(1 + α·FLOPs/largest), so a negative α favours large architectures."
    )


def _options(options: tuple[object, ...]) -> str:
    single = [option for option in options if not isinstance(option, tuple) or len(option) == 1]
    if len(single) < len(options):
        return f"{', '.join(map(value_text, single))}: {len(options)} combinations"
    if len(options) > LISTED:
        return f"{value_text(options[0])} … {value_text(options[-1])}, {len(options)} values"
    return ", ".join(map(value_text, options))
