"""Download buttons shared by several pages."""

from __future__ import annotations

from collections.abc import Callable

import plotly.graph_objects as go
from streamlit.delta_generator import DeltaGenerator

from eproxy_engine.runs import Run, Store, archive


def run_download(place: DeltaGenerator, store: Store, run: Run, label: str) -> None:
    """Show a button that downloads a run with its evaluations as one file, packed when pressed."""
    place.download_button(
        label,
        lambda: archive.pack(Store(store.path), run.id),
        f"run-{run.id}.json.gz",
        "application/gzip",
        icon=":material/inventory_2:",
        width="stretch",
        help="One file that any other installation can import.",
    )


def figure_download(place: DeltaGenerator, label: str, figure: Callable[[], go.Figure], file: str) -> None:
    """Show a button that downloads an interactive figure, drawn when pressed."""
    place.download_button(
        label,
        lambda: figure().to_html(include_plotlyjs="cdn"),
        file,
        "text/html",
        icon=":material/html:",
        width="stretch",
        help="The interactive figure as one file.",
    )
