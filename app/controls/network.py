"""What zero-cost proxies are measured on: how many images, and how wide the networks are."""

from __future__ import annotations

from streamlit.delta_generator import DeltaGenerator

from app.shell import state
from eproxy_engine.baselines.baseline import LARGEST_BATCH, SMALLEST_BATCH
from eproxy_engine.proxy.choices import WIDTHS


def batch_control(place: DeltaGenerator, given: int, key: str) -> int:
    """Images of the batch."""
    return int(
        place.number_input(
            "Images",
            SMALLEST_BATCH,
            LARGEST_BATCH,
            given,
            key=state.key(key),
            help="How many the zero-cost proxies see: 16, as Eproxy, by default. Most papers take 64 or 128: four to "
            "eight times as long.",
        )
    )


def width_control(place: DeltaGenerator, given: int | str, key: str) -> int | str:
    """Stem channels; a number, which an address or a run may have, stays until something else is chosen."""
    chosen = place.selectbox(
        "Width",
        list(WIDTHS),
        index=list(WIDTHS).index(str(given)) if given in WIDTHS else None,
        placeholder=str(given),
        key=state.key(key),
        help="Stem channels of the networks: a laptop's, or the benchmark's own.",
    )
    return chosen or given
