"""The proxy configuration, complete: every component of §2.2 and what the paper keeps fixed."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.controls.branch import layers_form, target_form
from app.controls.field import field
from app.shell import state
from app.shell.choice import Choice, with_specification
from app.shell.errors import show_error
from eproxy_engine import spaces
from eproxy_engine.accepted import WordOr
from eproxy_engine.counted import counted
from eproxy_engine.errors import UserError
from eproxy_engine.fields import table
from eproxy_engine.foreign import text_of
from eproxy_engine.proxy import PRESETS, Branch, Configuration, preset
from eproxy_engine.proxy.choices import STAGES
from eproxy_engine.scoring import Ensemble, first_of
from eproxy_engine.scoring.proxy import from_yaml, to_yaml, with_first

FOUND = "found"
"""Not a preset: the proxy that a run has found."""
PRESET_TITLES = {"laptop": "laptop: small and quick", "paper": "paper: wide and slow"}
STAGE_TITLES = {"deepest": "Deepest", "before_second": "Before 2nd", "before_first": "Before 1st"}
ALL_SETTINGS = "all-settings"
"""Key of what opens to the settings that are seldom changed."""


def configuration_form(choice: Choice, barrier_control: bool = True) -> Choice:
    """Controls for the whole configuration, what matters most first; the specification has one of Eproxy."""
    choice = _preset(choice)
    ensemble_notice(choice)
    given = _basic(choice.eproxy, choice.specification.space, barrier_control)
    with st.expander("All settings", icon=":material/tune:", key=ALL_SETTINGS, on_change="rerun") as rest:
        if rest.open:
            given = _rest(given)
    choice = with_specification(choice, proxy=with_first(choice.specification.proxy, given))
    _undo(choice)
    with st.expander("Load or save as YAML", icon=":material/description:"):
        _yaml(choice)
    return choice


def _basic(given: Configuration, space: str, barrier_control: bool) -> Configuration:
    first, *others = given.branches
    first = target_form(first)
    if others:
        st.caption(f"Of the branch “{STAGE_TITLES[first.stage].lower()}”; those of the others are in “All settings”.")
    barrier = field(given, "barrier", "barrier") if barrier_control else given.barrier
    learning_rate = field(given, "learning_rate", "learning-rate")
    width = _width(given, space)
    iterations = field(given, "iterations", "iterations")
    return replace(
        given,
        branches=(first, *others),
        barrier=barrier,
        learning_rate=learning_rate,
        width=width,
        iterations=iterations,
    )


def _rest(given: Configuration) -> Configuration:
    given = replace(given, branches=_branches(given))
    st.markdown("**Training**")
    given = _training(given)
    st.markdown("**Initial weights and score**")
    return _initialisation_and_score(given)


def _preset(choice: Choice) -> Choice:
    now = FOUND if choice.found_by else choice.preset
    names = [*([FOUND] if choice.found_by else []), *PRESETS]
    titles = PRESET_TITLES | {FOUND: f"as found in run {choice.found_by}"}
    start = st.selectbox(
        "Start from",
        names,
        index=names.index(now),
        format_func=lambda name: titles.get(name, name),
        key=state.key("preset"),
        help="A named configuration. Choosing one sets every control below. laptop: narrow networks, quick; wider "
        "ones gain nothing. paper: as published, at the benchmark's own width. It needs width: on NAS-Bench-101 its ρ "
        "is 0.31 at 16, 0.55 at 32 and 0.59 at 64.",
    )
    if start != now:
        chosen = replace(choice, preset=start, found_by=None)
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
        f"An ensemble: the ranks of the configuration below and of {counted(others, 'other')} are averaged{share}.",
        icon=":material/groups:",
    )
    if st.button("Keep only the one below", icon=":material/person:", width="stretch", key=state.key("only-one")):
        state.show(with_specification(choice, proxy=first_of(proxy)))
        st.rerun()


def _undo(choice: Choice) -> None:
    if choice.found_by or choice.specification.proxy == preset(choice.preset):
        return
    clicked = st.button(
        f"Back to the preset {choice.preset}", icon=":material/undo:", width="stretch", key=state.key("undo")
    )
    if clicked:
        state.show(with_specification(choice, proxy=preset(choice.preset)))
        st.rerun()


def _branches(given: Configuration) -> tuple[Branch, ...]:
    by_stage = {branch.stage: branch for branch in given.branches}
    chosen = st.pills(
        table(Configuration)["branches"].label,
        STAGES,
        default=list(by_stage),
        selection_mode="multi",
        format_func=STAGE_TITLES.__getitem__,
        key=state.key("stages"),
        help=table(Configuration)["branches"].help,
    )
    if not chosen:
        st.caption(":material/info: At least one branch is needed; the deepest is taken.")
        chosen = ["deepest"]
    branches = []
    for stage in STAGES:
        if stage in chosen:
            branch = by_stage.get(stage, Branch(stage=stage))
            with st.expander(f"Branch: {STAGE_TITLES[stage].lower()}", icon=":material/alt_route:"):
                if stage != given.branches[0].stage:  # whose target stands above
                    branch = target_form(branch)
                branches.append(layers_form(branch, given.barrier))
    return tuple(branches)


def _training(given: Configuration) -> Configuration:
    left, right = st.columns(2)
    return replace(
        given,
        batch=field(given, "batch", "batch", left),
        momentum=field(given, "momentum", "momentum", right),
        weight_decay=field(given, "weight_decay", "weight-decay", left),
        precision=field(given, "precision", "precision", right),
    )


def _width(given: Configuration, space: str) -> int | str:
    """With what the space's own widths are, and any other."""
    family, each = spaces.get(space), table(Configuration)["width"]
    assert isinstance(each.accepted, WordOr)
    widths = {
        "small": f"small: {family.small_width} channels",
        "published": f"published: {family.published_width} channels",
        "other": "other",
    }
    chosen = st.selectbox(
        each.label,
        list(widths),
        index=list(widths).index(str(given.width if given.width in each.accepted.words else "other")),
        format_func=widths.__getitem__,
        key=state.key("width-kind"),
        help=each.help,
    )
    if chosen != "other":
        return chosen
    before = given.width if isinstance(given.width, int) else family.small_width
    low, high = int(each.accepted.number.low), int(each.accepted.number.high)
    return st.number_input("Stem channels", low, high, before, key=state.key("width"))


def _initialisation_and_score(given: Configuration) -> Configuration:
    network = field(given, "network_init", "network-init")
    barrier = field(given, "barrier_init", "barrier-init") if given.barrier else given.barrier_init
    alpha = field(given, "flops_weight", "alpha", widget="slider")
    weights = field(given, "branch_weights", "branch-weights") if len(given.branches) > 1 else given.branch_weights
    return replace(
        given,
        network_init=network,
        barrier_init=barrier,
        flops_weight=alpha,
        flops_norm=field(given, "flops_norm", "flops-norm", disabled=not alpha),
        branch_weights=weights,
        read_out=field(given, "read_out", "read-out", numbers=range(1, given.iterations)),
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
        state.show(with_specification(replace(choice, found_by=None), proxy=proxy))
        st.rerun()
