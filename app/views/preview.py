"""Images and targets of a configuration, as the proxy sees them."""

from __future__ import annotations

import numpy as np
import streamlit as st

from app.charts.images import images_data, images_figure
from app.charts.targets import target_data, target_figure
from eproxy_engine import images
from eproxy_engine.baselines import Baseline
from eproxy_engine.proxy import Configuration
from eproxy_engine.runs import EvaluationSpecification
from eproxy_engine.scoring import first_of

TITLES = {
    "deepest": "deepest branch",
    "before_second": "branch before the 2nd",
    "before_first": "branch before the 1st",
}


def preview_panel(specification: EvaluationSpecification) -> None:
    """Show the mini-batch beside each branch's target for one image. Raises UserError for an unusable image source."""
    configuration, source = first_of(specification.proxy), specification.images
    if isinstance(configuration, Baseline):
        _images(images.load_batch(source, configuration.batch, seed=specification.seed))
        return
    with st.spinner("Making the targets …"):
        batch, labels = _made(configuration.to_yaml(), source, images.identity(source), specification.seed)
    left, right = st.columns(2)
    with left:
        _images(batch)
        place = 0
        if configuration.batch > 1:
            place = st.slider("Target of image", 1, configuration.batch, 1, key="preview-image") - 1
        st.caption(
            "Waves are the same for every image, dots are random for each, and the untrained network sees the image."
        )
    with right:
        _targets(configuration, labels, place, "preview")


def _images(batch: np.ndarray) -> None:
    st.plotly_chart(images_figure(images_data(batch)), key="preview-images", alt="The images of the mini-batch")


def targets_panel(configuration: Configuration, source: str, seed: int, key: str) -> None:
    """Show only the targets, for the first image. Raises UserError for an unusable image source."""
    with st.spinner("Making the targets …"):  # the first time, torch has to be loaded: all else is there by then
        _, labels = _made(configuration.to_yaml(), source, images.identity(source), seed)
    _targets(configuration, labels, 0, key)


def _targets(configuration: Configuration, labels: list[np.ndarray], place: int, key: str) -> None:
    for branch, label in zip(configuration.branches, labels, strict=True):
        figure = target_figure(target_data(label, TITLES[branch.stage], place))
        st.plotly_chart(figure, key=f"{key}-{branch.stage}", alt=f"Target maps of the {branch.stage} branch")


@st.cache_data(max_entries=10, show_spinner=False)
def _made(configuration: str, source: str, identity: str, seed: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """Make images ``[b, 3, h, w]`` and targets ``[b, c, 8, 8]``; ``identity`` tells changed image files apart."""
    import torch

    from eproxy_engine.proxy.inputs import make_targets

    chosen = Configuration.from_yaml(configuration)
    batch = images.load_batch(source, chosen.batch, seed=seed)
    return batch, [label.numpy() for label in make_targets(chosen, seed, torch.from_numpy(batch))]
