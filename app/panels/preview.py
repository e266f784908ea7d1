"""The images and the targets of a configuration, as the proxy sees them."""

from __future__ import annotations

import numpy as np
import streamlit as st

from app.charts.images import images_data, images_figure
from app.charts.targets import target_data, target_figure
from eproxy_engine.images import load_batch
from eproxy_engine.proxy import Configuration
from eproxy_engine.runs import Specification

TITLES = {
    "deepest": "deepest branch",
    "before_second": "branch before the 2nd",
    "before_first": "branch before the 1st",
}


def preview_panel(specification: Specification) -> None:
    """The mini-batch beside the target of each branch, for one image. Raises UserError for an image source."""
    configuration = specification.configuration
    batch = load_batch(specification.images, configuration.batch, seed=specification.seed)
    left, right = st.columns(2)
    with left:
        st.plotly_chart(images_figure(images_data(batch)), key="preview-images", alt="The images of the mini-batch")
        place = 0
        if configuration.batch > 1:
            place = st.slider("Target of image", 1, configuration.batch, 1, key="preview-image") - 1
    with right, st.spinner("Making the targets …"):
        for branch, label in zip(configuration.branches, _targets(specification), strict=True):
            figure = target_figure(target_data(label, TITLES[branch.stage], place))
            st.plotly_chart(figure, key=f"preview-{branch.stage}", alt=f"Target maps of the {branch.stage} branch")


def _targets(specification: Specification) -> list[np.ndarray]:
    """The targets, ``[b, c, 8, 8]`` each, in the order of the configuration's branches."""
    source, seed = specification.images, specification.seed
    return _computed(specification.configuration.to_yaml(), source, seed)


@st.cache_data(max_entries=10, show_spinner=False)
def _computed(configuration: str, source: str, seed: int) -> list[np.ndarray]:
    import torch

    from eproxy_engine.proxy.training import make_targets

    chosen = Configuration.from_yaml(configuration)
    batch = torch.from_numpy(load_batch(source, chosen.batch, seed=seed))
    return [label.numpy() for label in make_targets(chosen, seed, batch)]
