"""Where the images come from, and the seed of everything random."""

from __future__ import annotations

import streamlit as st

from app import state
from app.choice import Choice, with_specification
from app.errors import show_error
from eproxy_engine import images
from eproxy_engine.errors import UserError

TITLES = {
    "bundled": "bundled photographs",
    "cifar10": "CIFAR-10",
    "folder": "a folder of pictures",
    "noise": "noise",
}


def images_form(choice: Choice) -> Choice:
    """Controls for the image source and the seed. An unusable source is reported here and the former one kept."""
    given = choice.specification
    name, path = images.parse_source(given.images)
    chosen = st.selectbox(
        "Source",
        list(TITLES),
        index=list(TITLES).index(name),
        format_func=TITLES.__getitem__,
        key=state.key("images"),
        help="The one mini-batch that every architecture is trained on. The paper takes 16 CIFAR-10 images; the "
        "bundled photographs are there without a download.",
    )
    source = str(chosen)
    if chosen in ("cifar10", "folder"):
        needed = "Path (empty: download once, 160 MB)" if chosen == "cifar10" else "Path of the folder"
        typed = st.text_input(
            needed,
            str(path or "") if chosen == name else "",
            key=state.key(f"images-path-{chosen}"),
            help="On the machine that runs the dashboard.",
        )
        source = f"{chosen}:{typed}" if typed else str(chosen)
    seed = st.number_input(
        "Seed",
        0,
        2**31 - 1,
        given.seed,
        key=state.key("seed"),
        help="Of the images drawn, the initial weights, the barrier and the targets. Run several: ρ varies with it.",
    )
    if source != given.images:
        try:
            images.load_batch(source, given.configuration.batch, seed=int(seed))
        except UserError as error:
            show_error(error)
            source = given.images
    return with_specification(choice, images=source, seed=int(seed))
