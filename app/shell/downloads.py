"""Download buttons that several pages have."""

from __future__ import annotations

from collections.abc import Callable

import plotly.graph_objects as go
from streamlit.delta_generator import DeltaGenerator

from eproxy_engine.runs import Run, Store, archive


def run_download(place: DeltaGenerator, store: Store, run: Run, label: str) -> None:
    """The run with its evaluations, as one file; it is packed when the button is pressed."""
    place.download_button(
        label,
        lambda: archive.pack(Store(store.path), run.id),
        f"run-{run.id}.json.gz",
        "application/gzip",
        icon=":material/inventory_2:",
        width="stretch",
        help="One file that another installation can import and look at.",
    )


def figure_download(place: DeltaGenerator, label: str, figure: Callable[[], go.Figure], file: str) -> None:
    """The interactive figure; it is drawn when the button is pressed."""
    place.download_button(
        label,
        lambda: figure().to_html(include_plotlyjs="cdn"),
        file,
        "text/html",
        icon=":material/html:",
        width="stretch",
        help="The interactive figure, in one file.",
    )
