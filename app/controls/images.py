"""Controls for the image source and the seed of everything random."""

from __future__ import annotations

import streamlit as st

from app.controls.one_line import in_one_line
from app.shell import state
from app.shell.choice import Choice, with_specification
from app.shell.errors import show_error, show_warning
from eproxy_engine import images
from eproxy_engine.errors import UserError
from eproxy_engine.scoring import first_of

TITLES = {
    "bundled": "bundled photographs",
    "cifar10": "CIFAR-10",
    "folder": "a folder of pictures",
    "noise": "noise",
}


def images_form(choice: Choice) -> Choice:
    """Show image source and seed as a line, which opens to their controls."""
    return in_one_line(choice, images_line, _images_controls, "images-line", ":material/image:")


def images_line(choice: Choice) -> str:
    """Say which images and seed are chosen."""
    given = choice.specification
    return f"{TITLES[images.parse_source(given.images)[0]]} · seed {given.seed}"


def _images_controls(choice: Choice) -> Choice:
    """Show controls for image source and seed. Report an unusable source and keep the previous one."""
    given = choice.specification
    name, path = images.parse_source(given.images)
    chosen = st.selectbox(
        "Source",
        list(TITLES),
        index=list(TITLES).index(name),
        format_func=TITLES.__getitem__,
        key=state.key("images"),
        help="Mini-batch on which every architecture is trained. Paper: 16 CIFAR-10 images. The "
        "bundled photographs need no download.",
    )
    source = str(chosen)
    if chosen in ("cifar10", "folder"):
        needed = "Path (empty: download once, 160 MB)" if chosen == "cifar10" else "Path of the folder"
        typed = st.text_input(
            needed,
            str(path or "") if chosen == name else "",
            key=state.key(f"images-path-{chosen}"),
            help="Path on the machine that runs the dashboard.",
        )
        source = f"{chosen}:{typed}" if typed.strip() else str(chosen)
    seed = st.number_input(
        "Seed",
        0,
        2**31 - 1,
        given.seed,
        key=state.key("seed"),
        help="Seed of image choice, initial weights, barrier and targets. Try several: ρ varies with the seed.",
    )
    try:
        source = images.absolute(source)
        if chosen == "folder":
            _warn_of_repeated(source, first_of(given.proxy).batch, int(seed))
        elif source != given.images:
            images.load_batch(source, first_of(given.proxy).batch, seed=int(seed))
    except UserError as error:
        show_error(error)
        source = given.images
    return with_specification(choice, images=source, seed=int(seed))


def _warn_of_repeated(source: str, count: int, seed: int) -> None:
    """Warn of repeated images. Raises UserError for a folder that cannot be used."""
    repeated = _repeated(source, images.identity(source), count, seed)
    if repeated:
        show_warning(
            f"{repeated} of the {count} images look the same as another one. NASWOT and other proxies that tell "
            "images apart cannot measure anything with these."
        )


@st.cache_data(max_entries=10, show_spinner=False)
def _repeated(source: str, identity: str, count: int, seed: int) -> int:
    """Count repeated images; ``identity`` tells changed files apart."""
    return images.repeated(images.load_batch(source, count, seed=seed))
