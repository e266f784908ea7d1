"""Which architecture searches are launched."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.architecture_search.constraints import constraints_form
from app.architecture_search.proxy import chosen_proxy, proxy_form
from app.architecture_search.settings import numbers_form
from app.controls.field import field
from app.controls.images import images_form
from app.controls.sample import space_form
from app.shell import state
from app.shell.choice import Choice
from app.shell.choice.architecture_search import FREE, MOST_SEEDS, ArchitectureSearchChoice
from eproxy_engine import benchmarks
from eproxy_engine.runs import Run
from eproxy_engine.search.architecture_search.settings import BY_PROXY, STRATEGIES

TITLES = {
    "bayesian": "Bayesian search",
    "random": "random search",
    "evolution": "evolution",
    "local": "local search",
    "proxy-evolution": "evolution by a proxy",
    "seeded-evolution": "evolution from a proxy's best",
    "weaknas": "WeakNAS",
    "lanas": "LaNAS",
    "mcts": "Monte Carlo tree search",
    "nao": "NAO",
    "semi-nas": "Semi-NAS",
}
NAMES = {**TITLES, "proxy-evolution": "evolution by {proxy}", "seeded-evolution": "evolution from the best of {proxy}"}
"""Of runs, beside others."""
ABOUT = {
    "bayesian": "the learned ranking's Gaussian process asks for what promises most, and learns from every query.",
    "random": "asks for architectures at random: what every other strategy has to beat.",
    "evolution": "regularized evolution: the best of a few of the living is mutated, the oldest dies.",
    "local": "goes to a neighbour that is more accurate until there is none, then starts elsewhere.",
    "proxy-evolution": "the paper's (§3.5): evolution on the proxy's score, then queries of what scored best.",
    "seeded-evolution": "a proxy ranks random architectures; the best begin an evolution on the accuracy.",
    "weaknas": "a small network learns from all queries; the next are drawn from the 100 that it predicts to be best.",
    "lanas": "a tree of linear models splits the space into good and bad parts; good ones are asked for more often.",
    "mcts": "a tree of the choices that make up an architecture; branches with good averages are followed more often.",
    "nao": "encodes architectures as vectors, moves the best ones to a higher predicted accuracy and decodes them.",
    "semi-nas": "NAO that also learns from its own predictions of architectures that nobody measured.",
}


def architecture_search_form(choice: Choice, runs: list[Run]) -> Choice:
    """Controls for space, strategies, queries, proxy, numbers and constraints."""
    choice = space_form(choice)
    space, task = choice.specification.space, choice.specification.task
    measured = len(benchmarks.known(space, task))
    st.header("Search")
    given = _strategies(choice.architecture_search, measured, f"{space}-{task}")
    by_proxy = any(strategy in BY_PROXY for strategy in given.effective(measured).strategies)
    choice = replace(choice, architecture_search=given)
    if by_proxy:
        labels = field(given.settings, "labels_from", f"nas-labels-{space}-{task}")
        choice = replace(
            choice, architecture_search=replace(given, settings=replace(given.settings, labels_from=labels))
        )
        choice = choice if labels else proxy_form(choice, runs)
    given = choice.architecture_search
    spent = chosen_proxy(choice, runs).spent if by_proxy and not given.settings.labels_from else None
    given = _budget(given, measured, 0 if spent is None else len(spent.draw(space, task)), f"{space}-{task}")
    given = _seeds(given)
    with st.expander("Settings of the strategies", icon=":material/tune:"):
        given = replace(given, settings=numbers_form(given, measured))
    with st.expander("Constraints", icon=":material/straighten:"):
        constraints = constraints_form(space, given.settings.constraints)
    given = replace(given, settings=replace(given.settings, constraints=constraints))
    choice = replace(choice, architecture_search=given)
    if by_proxy:
        choice = images_form(choice)
    return choice


def _strategies(given: ArchitectureSearchChoice, measured: int, place: str) -> ArchitectureSearchChoice:
    """One run each."""
    if not measured:
        st.caption(f"No accuracy is known here, so nothing can be queried: only {STRATEGIES[FREE].split(',')[0]}.")
        return given
    chosen = st.multiselect(
        "Strategies",
        list(STRATEGIES),
        list(given.strategies),
        format_func=TITLES.__getitem__,
        key=state.key(f"nas-strategies-{place}"),
        placeholder="Choose at least one",
        help="One run each.\n\n" + "\n".join(f"- **{TITLES[name]}** {about}" for name, about in ABOUT.items()),
    )
    return replace(given, strategies=tuple(chosen))


def _budget(given: ArchitectureSearchChoice, measured: int, spent: int, place: str) -> ArchitectureSearchChoice:
    """Queries, and when they end."""
    if not measured:
        return given
    least = 0 if given.strategies == (FREE,) else 1
    more = f"{measured:,} are known here." + (f" The first {spent} are those that designed the proxy." if spent else "")
    key = f"nas-queries-{place}-{least}"
    queries = field(given.settings, "queries", key, low=least, high=measured, more=more)
    stop = field(given.settings, "stop_at_optimum", "nas-stop")
    return replace(given, settings=replace(given.settings, queries=queries, stop_at_optimum=stop))


def _seeds(given: ArchitectureSearchChoice) -> ArchitectureSearchChoice:
    left, right = st.columns(2)
    seeds = left.number_input(
        "Seeds",
        1,
        MOST_SEEDS,
        given.seeds,
        key=state.key("nas-seeds"),
        help="Searches of each run, side by side: how much is luck. The proxy is the same in all of them.",
    )
    first = right.number_input(
        "First seed", 0, 2**31 - 1, given.first_seed, key=state.key("nas-first-seed"), help="The others follow it."
    )
    return replace(given, seeds=int(seeds), first_seed=int(first))
