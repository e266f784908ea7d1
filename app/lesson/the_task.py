"""Step 2: the task as pictures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from app.charts.images import images_data, images_figure
from app.charts.targets import target_data, target_figure
from app.lesson import data
from app.lesson.telling import begun, chart, finding, folded, words
from app.lesson.walk import seed_control
from eproxy_engine import images
from eproxy_engine.proxy import Configuration
from eproxy_engine.runs import Store

TITLE = "The task"
TARGETS = {"net": "untrained network", "wave_high": "fine waves", "wave_low": "coarse waves", "dot": "dots"}


def show(store: Store) -> None:
    """Show the images beside the target of one of them, both made on the spot. Raises UserError."""
    told = words("the_task")
    above = begun(told)
    given = data.evaluation_run(barrier=False).specification
    with st.container(horizontal=True, vertical_alignment="bottom"):
        feature = st.pills(
            "Target", list(TARGETS), format_func=TARGETS.__getitem__, default="net", required=True, key="lesson-target"
        )
        seed = seed_control({given.seed})
    assert isinstance(given.proxy, Configuration)
    branch = replace(given.proxy.branches[0], features=(feature,))
    configuration = replace(given.proxy, branches=(branch,))
    batch, target = _made(configuration.to_yaml(), given.images, images.identity(given.images), seed)
    left, right = st.columns(2, gap="large")
    with left:
        chart(images_figure(images_data(batch)), "lesson-images", "The images of the mini-batch")
        place = st.slider("Target of image", 1, len(batch), 1, key="lesson-image") if len(batch) > 1 else 1
    with right:
        figure = target_figure(target_data(target, "what is to be learned", place - 1))
        chart(figure, "lesson-target-maps", "Maps of the target of one image")
    finding(above, _sentence(target, place))
    folded(told)
    st.caption(
        ":material/calculate: Images and target are made on this machine, right now, from the seed. Nothing in this "
        "step is precomputed."
    )


def _sentence(target: np.ndarray, place: int) -> str:
    """State the losses without any learning. ``target``: ``[b, c, 8, 8]``."""
    per_channel = target.mean(axis=(0, 2, 3), keepdims=True)
    others = [float(np.square(target[place - 1] - each).mean()) for n, each in enumerate(target, 1) if n != place]
    alike = ", and it is the same for every image" if others and max(others) == 0 else ""
    zero, mean = np.square(target).mean(), np.square(target - per_channel).mean()
    return (
        f"The target has **{target.size:,} numbers**{alike}. Answering 0 everywhere would give a loss of "
        f"**{zero:.3g}**, answering each channel's mean {mean:.3g}. Compare losses with these."
    )


@st.cache_data(max_entries=10, show_spinner="Making the target …")
def _made(configuration: str, source: str, identity: str, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Make images ``[b, 3, h, w]`` and target ``[b, c, 8, 8]``; ``identity`` tells changed image files apart."""
    import torch

    from eproxy_engine.proxy.inputs import make_targets

    chosen = Configuration.from_yaml(configuration)
    batch = images.load_batch(source, chosen.batch, seed=seed)
    return batch, make_targets(chosen, seed, torch.from_numpy(batch))[0].numpy()
