"""Download buttons that several pages have."""

from __future__ import annotations

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
