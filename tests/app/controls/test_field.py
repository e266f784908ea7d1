"""The control of a setting follows from what it accepts."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from eproxy_engine.landscape import View
from eproxy_engine.proxy import Branch, Configuration


def form() -> None:
    import streamlit as st

    from app.controls.field import field
    from eproxy_engine.landscape import View
    from eproxy_engine.proxy import Branch, Configuration
    from eproxy_engine.search.architecture_search.settings import ArchitectureSearchSettings
    from eproxy_engine.search.proxy_search.settings import ProxySearchSettings

    st.session_state.setdefault("form_version", 0)
    st.session_state.chosen = {
        "momentum": field(Configuration(), "momentum", "momentum"),
        "iterations": field(Configuration(iterations=50), "iterations", "iterations", low=2, high=20, more="Here 20."),
        "batch": field(Configuration(), "batch", "batch", high=10_000),
        "alpha": field(Configuration(flops_weight=0.3), "flops_weight", "alpha", widget="slider"),
        "barrier": field(Configuration(), "barrier", "barrier", disabled=True),
        "width": field(Configuration(width=24), "width", "width"),
        "read_out": field(Configuration(read_out=7), "read_out", "read-out", numbers=range(1, 4)),
        "start_from": field(ProxySearchSettings(), "start_from", "start-from"),
        "init": field(Configuration(), "network_init", "init"),
        "plane": field(View(), "plane", "plane", widget="buttons"),
        "c_mid": field(Branch(), "c_mid", "c-mid", widget="slider"),
        "features": field(Branch(), "features", "features"),
        "first": field(ArchitectureSearchSettings(), "first", "first"),
    }


def test_each_kind_has_its_control() -> None:
    app = AppTest.from_function(form).run()
    assert not app.exception
    momentum, iterations, batch, first = app.number_input
    assert (first.value, first.placeholder, first.min, first.max) == (None, "automatic", 1, 1000)
    assert (momentum.label, momentum.min, momentum.max, momentum.step) == ("Momentum", 0.0, 0.999, 0.05)
    assert (iterations.min, iterations.max, iterations.value) == (2, 20, 20)
    assert iterations.help == "Number of updates. Paper: 10 (A.1). Here 20."
    assert batch.max == 256, "never wider than the setting's own limits"
    assert [each.label for each in app.slider] == ["FLOPs weight α"]
    assert app.toggle[0].disabled
    width, read_out, init = app.selectbox
    assert read_out.options == ["last", "1", "2", "3", "7"]
    assert width.options == ["small", "published", "8", "16", "32", "64", "24"]
    assert init.options[:2] == ["PyTorch's default", "Kaiming, normal"]
    assert app.select_slider[0].value == 64


def test_an_untouched_control_gives_the_value() -> None:
    values = AppTest.from_function(form).run().session_state.chosen
    assert (values["width"], values["alpha"], values["plane"]) == (24, 0.3, View().plane)
    assert (values["init"], values["barrier"]) == (Configuration().network_init, True)
    assert tuple(values["features"]) == Branch().features
    assert (values["read_out"], list(values["start_from"])) == (7, [])
