"""Proxy that architecture searches use."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from app.controls.proxy import about_panel
from app.shell import state
from app.shell.choice import Choice
from app.shell.choice.architecture_search import name_of
from app.shell.choice.comparison import RUN, TUNED, proxy_of
from app.shell.errors import show_warning
from app.shell.shown_run import runs_of
from eproxy_engine import benchmarks, spaces
from eproxy_engine.baselines import tabulated
from eproxy_engine.counted import counted
from eproxy_engine.errors import UserError
from eproxy_engine.proxy import Configuration
from eproxy_engine.runs import ArchitectureSearchSpecification, ProxySearchSpecification, Run
from eproxy_engine.runs.kinds.architecture_search.specification import spent_by
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring import Proxy, is_computed, members_of, title_of
from eproxy_engine.scoring.named import EPROXIES, named, names
from eproxy_engine.search.architecture_search.settings import LABELLED


@dataclass(frozen=True)
class ChosenProxy:
    """Proxy that a search uses."""

    proxy: Proxy
    spent: Sample | None = None
    """Measured architectures of the same task on which the proxy was designed."""


def chosen_proxy(choice: Choice, runs: list[Run]) -> ChosenProxy:
    """Return the chosen proxy. Raises UserError for a name that no longer exists."""
    given, name = choice.specification, current_name(choice, runs)
    if name == TUNED:
        return ChosenProxy(given.proxy, choice.architecture_search.spent)
    if not name.startswith(RUN):
        return ChosenProxy(named(name).proxy)
    run = next((run for run in runs if run.id == name.removeprefix(RUN)), None)
    found = proxy_of(run) if run is not None else None
    if run is None or found is None:
        raise UserError(f"{name}: no such run with a proxy; accepted: proxy searches that have found one")
    return ChosenProxy(found, spent_by(run.specification, given.space, given.task))


def current_name(choice: Choice, runs: list[Run]) -> str:
    """Return the name of the chosen proxy; for a tuned one that a proxy search found, the name of the search's."""
    if choice.architecture_search.proxy != TUNED:
        return choice.architecture_search.proxy
    tuned = choice.specification.proxy
    return next((RUN + run.id for run in _designs(choice, runs) if proxy_of(run) == tuned), TUNED)


def proxy_form(choice: Choice, runs: list[Run]) -> Choice:
    """Show the choice of a proxy and its cost in queries."""
    titles = proxy_titles(choice, runs)
    current = current_name(choice, runs)
    if current not in titles:
        first = next(iter(titles.values()))
        show_warning(f"Proxy {current} is no longer available; using {first}.", icon=":material/link_off:")
    chosen = st.selectbox(
        "Proxy",
        list(titles),
        index=list(titles).index(current) if current in titles else 0,
        format_func=titles.__getitem__,
        key=state.key(f"nas-proxy-{choice.specification.space}-{choice.specification.task}"),
        help="A preset of Eproxy, a proxy found by a proxy search (DPS), the one tuned on the Proxy page, or "
        "another zero-cost proxy.",
    )
    if chosen != current:
        choice = replace(choice, architecture_search=replace(choice.architecture_search, proxy=chosen, spent=None))
    proxy = chosen_proxy(choice, runs)
    st.caption("  \n".join(_about(choice.specification.space, choice.specification.task, proxy)))
    if chosen not in (TUNED, *EPROXIES) and not chosen.startswith(RUN):
        about_panel(chosen)
    return choice


def proxy_titles(choice: Choice, runs: list[Run]) -> dict[str, str]:
    """Return titles by name of all available proxies; those found on the same space come first."""
    given = choice.specification
    offered = names(tabulated.available(benchmarks.known(given.space, given.task)))
    plain = {name: named(name).title for name in offered}
    presets = {name: plain.pop(name) for name in EPROXIES}
    found = sorted(_designs(choice, runs), key=lambda run: run.specification.space != given.space)
    searched = {RUN + run.id: f"found by DPS on {run.specification.space_title} ({run.id})" for run in found}
    return presets | searched | {TUNED: "as on the Proxy page"} | plain


def leader_title(given: ArchitectureSearchSpecification, runs: list[Run]) -> str:
    """Return the short title of what leads a search that does not go by accuracies alone."""
    if given.settings.labels_from:
        return f"a ranking learned on {LABELLED[given.settings.labels_from]}"
    return proxy_title(given.proxy, runs)


def proxy_title(proxy: Proxy, runs: list[Run]) -> str:
    """Return the short title of a search's proxy beside others."""
    name = name_of(proxy)
    if name is not None:
        return named(name).title
    design = next((run for run in runs if proxy_of(run) == proxy), None)
    if design is not None:
        return f"DPS {design.id}"
    return "Eproxy, tuned" if isinstance(proxy, Configuration) else title_of(proxy)


def _designs(choice: Choice, runs: list[Run]) -> list[Run]:
    return [run for run in runs_of(runs, ProxySearchSpecification) if proxy_of(run) is not None]


def _about(space: str, task: str, proxy: ChosenProxy) -> list[str]:
    """Describe its width, and the cost of its design."""
    lines = []
    members = members_of(proxy.proxy)
    computed = [each for each in members if is_computed(each)]
    if computed:
        widths = sorted({spaces.get(space).stem_channels(each.width) for each in computed})
        several = f"{len(members)} proxies, their ranks averaged. " if len(members) > 1 else ""
        lines.append(f"{several}Stem width {', '.join(map(str, widths))}, as configured.")
    if proxy.spent is not None:
        count = len(proxy.spent.draw(space, task))
        lines.append(f"**{counted(count, 'query was', 'queries were')} spent on the design of the proxy.**")
    return lines or ["Costs nothing to compute."]
