"""How a proxy search is carried out."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.shell import state
from app.shell.choice.proxy_search import ProxySearchChoice, with_preset
from eproxy_engine.proxy.choices import BRANCH_WEIGHTS, WIDTHS
from eproxy_engine.proxy.presets import DEFAULT as DEFAULT_PROXY
from eproxy_engine.search.proxy_search.proxy_space import PROXY_SPACES
from eproxy_engine.search.proxy_search.settings import SETTINGS, STRATEGIES, ProxySearchSettings

OFFERED_WIDTHS = (8, 16, 32, 64)
PRESET_TITLES = {"robust": "robust: what generalised best here", "paper": "paper: as published (A.6)"}
SPACE_TITLES = {"paper": "the paper's (§2.2)", "lean": "lean: small channels, with or without barrier"}


def settings_form(given: ProxySearchChoice) -> ProxySearchChoice:
    """Controls for the settings; the sample has its own."""
    given = _preset(given)
    now = given.settings
    trials = st.slider(
        "Trials",
        min(10, now.trials),
        max(400, now.trials),
        now.trials,
        key=state.key("dps-trials"),
        help="Configurations that are tried: the budget. The paper: 40 at random and 200 children (A.6).",
    )
    population = min(now.population, trials - now.prior)
    now = replace(now, population=population, cycles=trials - now.prior - population)
    with st.expander("Strategy", icon=":material/route:"):
        now = _strategy(now, trials)
    with st.expander("What is searched, and what is kept", icon=":material/tune:"):
        now = _scope(now)
    return replace(given, settings=now)


def _preset(given: ProxySearchChoice) -> ProxySearchChoice:
    names = list(SETTINGS)
    start = st.selectbox(
        "Start from",
        names,
        index=names.index(given.preset),
        format_func=lambda name: PRESET_TITLES.get(name, name),
        key=state.key("dps-preset"),
        help="Named settings. Choosing one sets every control below.",
    )
    if start != given.preset:
        chosen = state.choice()
        state.show(replace(chosen, search=with_preset(chosen.search, start)))
        st.rerun()
    return given


def _strategy(now: ProxySearchSettings, trials: int) -> ProxySearchSettings:
    names = list(STRATEGIES)
    strategy = st.selectbox(
        "Strategy",
        names,
        index=names.index(now.strategy),
        format_func=STRATEGIES.__getitem__,
        key=state.key("dps-strategy"),
        help="Which configuration is tried next. The paper takes regularized evolution.",
    )
    left, right = st.columns(2)
    population = int(
        left.number_input(
            "Population",
            2,
            trials - now.prior,
            now.population,
            key=state.key("dps-population"),
            disabled=strategy == "random",
            help="Configurations drawn at first; in evolution, so many live at a time.",
        )
    )
    evolution = strategy != "evolution"
    tournament = right.number_input(
        "Tournament",
        1,
        1000,
        now.tournament,
        key=state.key("dps-tournament"),
        disabled=evolution,
        help="Drawn from the living; the best of them becomes the parent.",
    )
    mutation = left.number_input(
        "Mutation rate",
        0.01,
        1.0,
        now.mutation_rate,
        step=0.05,
        format="%g",
        key=state.key("dps-mutation"),
        disabled=evolution,
        help="Probability that a component of the parent is drawn anew.",
    )
    seeds = right.number_input(
        "Seeds",
        1,
        10,
        now.seeds,
        key=state.key("dps-seeds"),
        help="Every architecture is evaluated with so many seeds of images, weights and targets, and their ρ averaged. "
        "The time grows with it.",
    )
    in_flight = left.number_input(
        "Children in flight",
        1,
        64,
        now.in_flight,
        key=state.key("dps-in-flight"),
        disabled=evolution,
        help="Evaluated at a time. 1: each child is bred from all before it, as in the paper. More (asynchronous "
        "evolution) keep many cores busy, also while racing; a child is then bred before the last ones are judged.",
    )
    racing = st.toggle(
        "Racing",
        now.racing,
        key=state.key("dps-racing"),
        help="An evaluation ends as soon as its configuration cannot reach the population's median ρ any more, "
        "whatever the architectures still to come score. It saved 6 to 8% here, and evaluates two architectures of "
        "each child in flight at a time: with one child, more than two cores are idle.",
    )
    return replace(
        now,
        strategy=strategy,
        population=population,
        cycles=trials - now.prior - population,
        tournament=int(tournament),
        mutation_rate=float(mutation),
        seeds=int(seeds),
        in_flight=int(in_flight),
        racing=racing,
    )


def _scope(now: ProxySearchSettings) -> ProxySearchSettings:
    names = list(PROXY_SPACES)
    space = st.selectbox(
        "Proxy search space",
        names,
        index=names.index(now.proxy_space),
        format_func=lambda name: SPACE_TITLES.get(name, name),
        key=state.key("dps-space"),
        help="What configurations are composed of.",
    )
    left, right = st.columns(2)
    widths = list(dict.fromkeys([*WIDTHS, *OFFERED_WIDTHS, now.width]))
    width = left.selectbox(
        "Width",
        widths,
        index=widths.index(now.width),
        format_func=str,
        key=state.key("dps-width"),
        help="Channels out of the stem of every network: what the space calls small or published, or a number.",
    )
    weights = right.selectbox(
        "Branches weigh",
        BRANCH_WEIGHTS,
        index=BRANCH_WEIGHTS.index(now.branch_weights),
        key=state.key("dps-branch-weights"),
        help="In the score of a configuration with several branches: equal, or halved with each from the deepest on.",
    )
    now = replace(now, width=width, branch_weights=weights)
    members = st.number_input(
        "Members of the proxy",
        1,
        20,
        now.members,
        key=state.key("dps-members"),
        help="1: the best configuration alone, as in the paper. More: the ranks of the best few are averaged, which "
        "ranked unseen architectures better in our measurements (docs/RESULTS.md). Applying it costs that much more.",
    )
    flops = st.toggle(
        "Mix in FLOPs",
        now.flops,
        key=state.key("dps-flops"),
        help="The rank of the FLOPs is averaged with the members' ranks, as heavily as it ranks the sample: its weight "
        "is its ρ there, nothing if that is negative.",
    )
    prior = st.toggle(
        "Start from the default proxy",
        now.prior,
        key=state.key("dps-prior"),
        help=f"The preset {DEFAULT_PROXY} is tried first, and stays among the members of an ensemble.",
    )
    cycles = now.cycles + now.prior - prior if now.cycles else 0
    return replace(now, proxy_space=space, members=int(members), flops=flops, prior=prior, cycles=cycles)
