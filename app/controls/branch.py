"""One branch of the proxy configuration."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.controls.field import field
from eproxy_engine.proxy import Branch


def target_form(given: Branch) -> Branch:
    """Control for the target of a branch."""
    features = field(given, "features", f"{given.stage}-features")
    if not features:
        st.caption(":material/info: At least one feature is needed; the high waves are taken.")
        features = ["wave_high"]
    return replace(given, features=tuple(features))


def layers_form(given: Branch, barrier: bool) -> Branch:
    """Controls for all else of a branch; ``barrier``: whether the configuration has a barrier layer."""
    stage = given.stage
    left, right = st.columns(2)
    return replace(
        given,
        transform_kernel=field(given, "transform_kernel", f"{stage}-transform", left, widget="slider"),
        barrier_kernel=field(given, "barrier_kernel", f"{stage}-barrier", right, widget="slider", disabled=not barrier),
        c_mid=field(given, "c_mid", f"{stage}-c-mid", left, widget="slider"),
        c_out=field(given, "c_out", f"{stage}-c-out", right, widget="slider", disabled=not barrier),
        coefficient=field(given, "coefficient", f"{stage}-coefficient", widget="slider"),
    )
