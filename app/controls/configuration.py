"""The proxy configuration, complete: every component of §2.2 and what the paper keeps fixed."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.controls.branch import branch_form
from app.shell import state
from app.shell.choice import Choice, with_specification
from app.shell.errors import show_error
from eproxy_engine import spaces
from eproxy_engine.errors import UserError
from eproxy_engine.foreign import text_of
from eproxy_engine.proxy import PRESETS, Branch, Configuration, preset
from eproxy_engine.proxy.choices import BRANCH_WEIGHTS, INITIALISATIONS, PRECISIONS, STAGES, WIDTHS
from eproxy_engine.scoring import Ensemble, first_of
from eproxy_engine.scoring.proxy import from_yaml, to_yaml, with_first

INIT_TITLES = {
    "default": "PyTorch's default",
    "kaiming_normal": "Kaiming, normal",
    "kaiming_uniform": "Kaiming, uniform",
    "xavier_normal": "Xavier, normal",
    "xavier_uniform": "Xavier, uniform",
}
PRESET_TITLES = {"laptop": "laptop: small and quick", "paper": "paper: as published, wide and slow"}


def configuration_form(choice: Choice, barrier_control: bool = True) -> Choice:
    """Controls for the whole configuration; the specification has one of Eproxy."""
    choice = _preset(choice)
    ensemble_notice(choice)
    given = choice.eproxy
    barrier = given.barrier
    if barrier_control:
        barrier = st.toggle(
            "Barrier layer",
            barrier,
            key=state.key("barrier"),
            help="The frozen random convolution between network and target (§2.1). The paper's Table 1: with learning "
            "rate 1 and ten iterations, ρ is 0.65 with it and 0.08 without, on wide networks.",
        )
    learning_rate = st.number_input(
        "Learning rate",
        0.0001,
        10.0,
        given.learning_rate,
        step=0.1,
        format="%g",
        key=state.key("learning-rate"),
        help="Of SGD. The paper takes 1.0, searches 0.5 to 1.5 (§2.2), and compares 1, 0.1 and 0.01 (Table 1).",
    )
    given = replace(given, barrier=barrier, learning_rate=float(learning_rate), branches=_branches(given))
    with st.expander("Training", icon=":material/model_training:"):
        given = _training(given, choice.specification.space)
    with st.expander("Initial weights and score", icon=":material/casino:"):
        given = _initialisation_and_score(given)
    choice = with_specification(choice, proxy=with_first(choice.specification.proxy, given))
    _undo(choice)
    with st.expander("Load or save as YAML", icon=":material/description:"):
        _yaml(choice)
    return choice


def _preset(choice: Choice) -> Choice:
    names = list(PRESETS)
    start = st.selectbox(
        "Start from",
        names,
        index=names.index(choice.preset),
        format_func=lambda name: PRESET_TITLES.get(name, name),
        key=state.key("preset"),
        help="A named configuration. Choosing one sets every control below.",
    )
    if start != choice.preset:
        chosen = replace(choice, preset=start)
        state.show(with_specification(chosen, proxy=preset(start)))
        st.rerun()
    return choice


def ensemble_notice(choice: Choice) -> None:
    """Says that there are further members, and takes them away if they are not wanted."""
    proxy = choice.specification.proxy
    if not isinstance(proxy, Ensemble):
        return
    share = f" and, with weight {proxy.flops_share:g}, of the FLOPs" if proxy.flops_share else ""
    others = len(proxy.members) - 1
    st.info(
        f"An ensemble: the ranks of the configuration below and of {others} others are averaged{share}.",
        icon=":material/groups:",
    )
    if st.button("Keep only the one below", icon=":material/person:", width="stretch", key=state.key("only-one")):
        state.show(with_specification(choice, proxy=first_of(proxy)))
        st.rerun()


def _undo(choice: Choice) -> None:
    if choice.specification.proxy == preset(choice.preset):
        return
    clicked = st.button(
        f"Back to the preset {choice.preset}", icon=":material/undo:", width="stretch", key=state.key("undo")
    )
    if clicked:
        state.show(with_specification(choice, proxy=preset(choice.preset)))
        st.rerun()


def _branches(given: Configuration) -> tuple[Branch, ...]:
    by_stage = {branch.stage: branch for branch in given.branches}
    titles = {"deepest": "Deepest", "before_second": "Before 2nd", "before_first": "Before 1st"}
    chosen = st.pills(
        "Branches",
        STAGES,
        default=list(by_stage),
        selection_mode="multi",
        format_func=titles.__getitem__,
        key=state.key("stages"),
        help="Which outputs learn a target: the deepest stage, or what comes before the second or first downsampling "
        "(§2.2, item 4).",
    )
    if not chosen:
        st.caption(":material/info: At least one branch is needed; the deepest is taken.")
        chosen = ["deepest"]
    branches = []
    for stage in STAGES:
        if stage in chosen:
            with st.expander(
                f"Branch: {titles[stage].lower()}", expanded=stage == "deepest", icon=":material/alt_route:"
            ):
                branches.append(branch_form(by_stage.get(stage, Branch(stage=stage)), given.barrier))
    return tuple(branches)


def _training(given: Configuration, space: str) -> Configuration:
    family = spaces.get(space)
    widths = {
        "small": f"small: {family.small_width} channels",
        "published": f"published: {family.published_width} channels",
        "other": "other",
    }
    kind = given.width if given.width in WIDTHS else "other"
    chosen = st.selectbox(
        "Width of the network",
        list(widths),
        index=list(widths).index(str(kind)),
        format_func=widths.__getitem__,
        key=state.key("width-kind"),
        help="Channels out of the stem. The time of an evaluation grows with its square.",
    )
    width: int | str = str(chosen)
    if chosen == "other":
        before = given.width if isinstance(given.width, int) else family.small_width
        width = int(st.number_input("Stem channels", 4, 512, before, key=state.key("width")))
    left, right = st.columns(2)
    return replace(
        given,
        width=width,
        iterations=int(
            left.number_input(
                "Iterations", 1, 1000, given.iterations, key=state.key("iterations"), help="Updates (A.1: 10)."
            )
        ),
        batch=int(
            right.number_input(
                "Images", 1, 256, given.batch, key=state.key("batch"), help="Size of the one mini-batch (A.1: 16)."
            )
        ),
        momentum=float(
            left.number_input(
                "Momentum",
                0.0,
                0.999,
                given.momentum,
                step=0.05,
                format="%g",
                key=state.key("momentum"),
                help="Of SGD. Not in the paper's text; 0.9 is what the authors' experiments used.",
            )
        ),
        weight_decay=float(
            right.number_input(
                "Weight decay",
                0.0,
                0.1,
                given.weight_decay,
                step=1e-5,
                format="%g",
                key=state.key("weight-decay"),
                help="On convolution and linear weights. 1e-5 in A.1, 4e-5 in the listing A.5.",
            )
        ),
        precision=st.selectbox(
            "Precision",
            PRECISIONS,
            PRECISIONS.index(given.precision),
            key=state.key("precision"),
            help="Of convolutions. bfloat16 is quicker on processors that compute in it (Intel Sapphire Rapids, AMD "
            "Zen 4, NVIDIA Ampere, and newer), and about ten times slower on others. Its scores differ, and are kept "
            "apart.",
        ),
    )


def _initialisation_and_score(given: Configuration) -> Configuration:
    def scheme(label: str, value: str, name: str, text: str) -> str:
        return st.selectbox(
            label,
            INITIALISATIONS,
            index=INITIALISATIONS.index(value),
            format_func=INIT_TITLES.__getitem__,
            key=state.key(name),
            help=text,
        )

    network = scheme(
        "Network", given.network_init, "network-init", "Initial weights of network and transform (§2.2, 3)."
    )
    barrier = given.barrier_init
    if given.barrier:
        barrier = scheme(
            "Barrier", given.barrier_init, "barrier-init", "Weights of the barrier: drawn once, never trained."
        )
    alpha = st.slider(
        "FLOPs weight α",
        -0.5,
        0.5,
        given.flops_weight,
        step=0.1,
        key=state.key("alpha"),
        help="The loss is multiplied by 1 + α·FLOPs/FLOPs of the largest (§2.2, item 5). Below zero it favours "
        "large architectures. Changing it never costs a training.",
    )
    weights = given.branch_weights
    if len(given.branches) > 1:
        weights = st.selectbox(
            "Weights of the branches",
            BRANCH_WEIGHTS,
            index=BRANCH_WEIGHTS.index(weights),
            key=state.key("branch-weights"),
            help="In the score: equal, or halved with each branch from the deepest on.",
        )
    return replace(
        given, network_init=network, barrier_init=barrier, flops_weight=round(float(alpha), 2), branch_weights=weights
    )


def _yaml(choice: Choice) -> None:
    now = choice.specification.proxy
    text = to_yaml(now)
    st.download_button("Save this configuration", text, "proxy.yaml", "application/yaml", icon=":material/download:")
    given = st.file_uploader("Load a configuration", ["yaml", "yml", "json"], key=state.key("yaml"))
    if given is None:
        return
    try:
        proxy = from_yaml(text_of(given.getvalue(), "the file"))
    except UserError as error:
        show_error(f"{given.name}: {error}")
        return
    if proxy != now:
        state.show(with_specification(choice, proxy=proxy))
        st.rerun()
