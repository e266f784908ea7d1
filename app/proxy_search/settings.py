"""How a proxy search is carried out."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.controls.field import field
from app.shell import state
from app.shell.choice.proxy_search import ProxySearchChoice, with_preset
from eproxy_engine.search.proxy_search.proxy_space import PROXY_SPACES
from eproxy_engine.search.proxy_search.settings import SETTINGS, ProxySearchSettings, settings

PRESET_TITLES = {"robust": "robust: generalises best", "paper": "paper: as published"}


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
        help="Number of configurations to try: the budget. Paper: 240, of which 40 at random (A.6).",
    )
    if trials != now.trials:
        now = with_trials(now, trials, settings(given.preset).population)
    if now.is_random and now.strategy != "random":
        st.caption(":material/info: Without cycles, this is random search.")
    with st.expander("Strategy", icon=":material/route:"):
        now = _strategy(now, trials)
    with st.expander("What is searched, and what is kept", icon=":material/tune:"):
        now = _scope(now)
    return replace(given, settings=now)


def with_trials(now: ProxySearchSettings, trials: int, usual: int) -> ProxySearchSettings:
    """Share another number of trials out between the first population and cycles.

    A third at least are cycles, as a search without them is random search. ``usual``: population where trials suffice,
    unless another one was typed.
    """

    def most(trials: int) -> int:
        return max((trials - now.prior) * 2 // 3, 2)

    typed = now.population != min(usual, most(now.trials))
    population = min(now.population if typed else usual, most(trials))
    return replace(now, population=population, cycles=trials - now.prior - population)


def _preset(given: ProxySearchChoice) -> ProxySearchChoice:
    names = list(SETTINGS)
    start = st.selectbox(
        "Start from",
        names,
        index=names.index(given.preset),
        format_func=lambda name: PRESET_TITLES.get(name, name),
        key=state.key("dps-preset"),
        help="Named settings. Choosing one sets every control below. robust: what ranked unseen architectures best in "
        "our measurements. paper: as published (A.6).",
    )
    if start != given.preset:
        chosen = state.choice()
        state.show(replace(chosen, proxy_search=with_preset(chosen.proxy_search, start)))
        st.rerun()
    return given


def _strategy(now: ProxySearchSettings, trials: int) -> ProxySearchSettings:
    strategy, together = field(now, "strategy", "dps-strategy"), trials - now.prior
    most = together - 1 if now.cycles else together
    idle = strategy != "evolution"
    left, right = st.columns(2)
    population = field(now, "population", "dps-population", left, high=most, disabled=strategy == "random")
    return replace(
        now,
        strategy=strategy,
        population=population,
        cycles=together - population,
        tournament=field(now, "tournament", "dps-tournament", right, disabled=idle),
        mutation_rate=field(now, "mutation_rate", "dps-mutation", left, disabled=idle),
        seeds=field(now, "seeds", "dps-seeds", right),
        in_flight=field(now, "in_flight", "dps-in-flight", left, disabled=strategy == "random"),
        racing=field(now, "racing", "dps-racing"),
        start_from=tuple(field(now, "start_from", "dps-start-from", disabled=idle)),
    )


def _scope(now: ProxySearchSettings) -> ProxySearchSettings:
    space = field(now, "proxy_space", "dps-space")
    left, right = st.columns(2)
    changed = replace(
        now,
        proxy_space=space,
        width=field(now, "width", "dps-width", left),
        branch_weights=field(now, "branch_weights", "dps-branch-weights", right),
        flops_norm=field(now, "flops_norm", "dps-flops-norm", disabled=PROXY_SPACES[space].flops_weight == (0.0,)),
        read_out=field(now, "read_out", "dps-read-out"),
        members=field(now, "members", "dps-members"),
        flops=field(now, "flops", "dps-flops"),
        prior=field(now, "prior", "dps-prior"),
    )
    cycles = max(now.cycles + now.prior - changed.prior, 1) if now.cycles else 0
    return replace(changed, cycles=cycles)
