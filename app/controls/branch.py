"""One branch of the proxy configuration."""

from __future__ import annotations

import streamlit as st

from app.shell import state
from eproxy_engine.proxy import Branch
from eproxy_engine.proxy.choices import CHANNELS, COEFFICIENTS, FEATURES, KERNELS

FEATURE_TITLES = {
    "net": "untrained network",
    "wave_low": "waves, low",
    "wave_mid": "waves, mid",
    "wave_high": "waves, high",
    "dot": "dots ±1",
}


def branch_form(given: Branch, barrier: bool) -> Branch:
    """Controls for one branch; ``barrier``: whether the configuration has a barrier layer."""

    def key(name: str) -> str:
        return state.key(f"{given.stage}-{name}")

    features = st.pills(
        "Target features",
        FEATURES,
        default=list(given.features),
        selection_mode="multi",
        format_func=FEATURE_TITLES.__getitem__,
        key=key("features"),
        help="Summed to make the target (§2.2, item 2): outputs of an untrained network of six layers, sine waves of "
        "low (1/16 to 1/8), mid (to 1/4) or high frequency (to 1/2 cycles a pixel), or random signs.",
    )
    if not features:
        st.caption(":material/info: At least one feature is needed; the high waves are taken.")
        features = ["wave_high"]
    left, right = st.columns(2)
    transform = left.select_slider(
        "Transform kernel",
        KERNELS,
        given.transform_kernel,
        key=key("transform"),
        help="Of the trained layer (§2.2, 1).",
    )
    barrier_kernel = right.select_slider(
        "Barrier kernel",
        KERNELS,
        given.barrier_kernel,
        key=key("barrier"),
        disabled=not barrier,
        help="Of the frozen layer (§2.2, 1). Without effect while the barrier is off.",
    )
    c_mid = left.select_slider(
        "c_mid", CHANNELS, given.c_mid, key=key("c-mid"), help="Channels between transform and barrier layer (§2.2, 1)."
    )
    c_out = right.select_slider(
        "c_out",
        CHANNELS,
        given.c_out,
        key=key("c-out"),
        disabled=not barrier,
        help="Channels of the target. Without a barrier the target has c_mid channels.",
    )
    coefficient = st.select_slider(
        "Coefficient", COEFFICIENTS, given.coefficient, key=key("coefficient"), help="Multiplies the target (§2.2, 2)."
    )
    return Branch(given.stage, tuple(features), coefficient, transform, barrier_kernel, c_mid, c_out)
