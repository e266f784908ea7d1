"""Downloads of a run: files of its results, the whole run, and the command line that repeats it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.shell.command import command_panel
from eproxy_engine.runs import Run, Store, archive

TYPES = {
    "csv": ("text/csv", ":material/table:"),
    "html": ("text/html", ":material/html:"),
    "json": ("application/json", ":material/data_object:"),
    "npz": ("application/octet-stream", ":material/data_array:"),
    "yaml": ("application/yaml", ":material/tune:"),
}
"""Media type and icon by the end of a file's name."""


class File(NamedTuple):
    """A file that a button downloads."""

    label: str
    name: str
    """Name without the run's ID."""
    type: str
    """One of :data:`TYPES`."""
    content: str | Callable[[], str | bytes]
    """What is in it, or a function that makes it when the button is pressed."""
    help: str | None = None
    icon: str | None = None
    """If not that of its type."""
    disabled: bool = False


def export_panel(store: Store, run: Run, files: Sequence[File]) -> None:
    """Offer files of a run, the whole run, and the command that repeats it."""
    st.caption("Use the camera icon on a chart to save it as PNG.")
    row = st.container(horizontal=True)
    for file in files:
        media_type, icon = TYPES[file.type]
        row.download_button(
            file.label,
            file.content,
            f"{file.name}-{run.id}.{file.type}",
            media_type,
            icon=file.icon or icon,
            disabled=file.disabled,
            help=file.help,
        )
    run_download(row, store, run, "The whole run")
    command_panel(run.specification)


def run_download(place: DeltaGenerator, store: Store, run: Run, label: str) -> None:
    """Show a button that downloads a run with its evaluations as one file, packed when pressed."""
    place.download_button(
        label,
        lambda: archive.pack(Store(store.path), run.id),
        f"run-{run.id}.json.gz",
        "application/gzip",
        icon=":material/inventory_2:",
        help="One file that any other installation can import.",
    )


def figure_file(label: str, name: str, figure: Callable[[], go.Figure]) -> File:
    """Return the file of an interactive figure."""
    return File(
        label, name, "html", lambda: figure().to_html(include_plotlyjs="cdn"), "The interactive figure as one file."
    )
