"""Cost estimate of architecture searches, and the button that launches them."""

from __future__ import annotations

from dataclasses import replace

from app.architecture_search.form import TITLES
from app.architecture_search.proxy import chosen_proxy
from app.shell import state
from app.shell.choice import Choice
from app.shell.choice.architecture_search import ArchitectureSearchChoice
from app.shell.kinds import KINDS
from app.shell.launcher import launcher, time_needed
from app.shell.missing_work import MissingWork
from app.shell.titled import titled
from eproxy_engine import benchmarks
from eproxy_engine.counted import counted
from eproxy_engine.errors import UserError
from eproxy_engine.runs import ArchitectureSearchSpecification, Run, Store
from eproxy_engine.search.architecture_search.settings import BY_PROXY

KIND = KINDS[ArchitectureSearchSpecification.kind]


def launch_panel(store: Store, runs: list[Run]) -> None:
    """Show the page's title, with the cost estimate and launch button beside it."""
    place, choice = titled(KIND.page_title), state.choice()
    if not _chosen(choice).strategies:
        place.text.info("Choose at least one strategy on the left.", icon=":material/checklist:")
        return
    launcher(
        place,
        store,
        runs,
        lambda: specified(choice, runs),
        _sentence,
        KIND.launch,
        ":material/hub:",
        "launch-nas",
        "One run per strategy, in a separate worker. You can close the browser.",
        name=_name,
        on_click=_show_launched,
    )


def _show_launched() -> None:
    choice = state.choice()
    state.keep(replace(choice, architecture_search=replace(choice.architecture_search, shown=None)))


def specified(choice: Choice, runs: list[Run]) -> list[ArchitectureSearchSpecification]:
    """Return what the controls specify, one search per strategy. Raises UserError."""
    given = choice.specification
    chosen = _chosen(choice)
    seeds = tuple(range(chosen.first_seed, chosen.first_seed + chosen.seeds))
    searches = []
    for strategy in chosen.strategies:
        search = ArchitectureSearchSpecification(given.space, given.task, chosen.settings_of(strategy), seeds=seeds)
        if strategy in BY_PROXY or search.settings.compute:
            search = replace(search, images=given.images, proxy_seed=given.seed)
        if strategy in BY_PROXY and not search.settings.labels_from:
            proxy = chosen_proxy(choice, runs)
            search = replace(search, proxy=proxy.proxy, spent=proxy.spent)
        searches.append(search)
    return searches


def specified_or_none(choice: Choice, runs: list[Run]) -> list[ArchitectureSearchSpecification]:
    """Return what the controls specify; empty if it cannot be run."""
    try:
        return specified(choice, runs)
    except UserError:
        return []


def _chosen(choice: Choice) -> ArchitectureSearchChoice:
    """Return the choice as it holds for the space and task."""
    given = choice.specification
    return choice.architecture_search.effective(len(benchmarks.known(given.space, given.task)))


def _name(given: ArchitectureSearchSpecification) -> str:
    return TITLES[given.settings.strategy].capitalize()


def _sentence(given: ArchitectureSearchSpecification, work: MissingWork) -> str:
    settings, seeds, spent = given.settings, len(given.seeds), len(given.spent_architectures())
    queries = counted(settings.queries, "query", "queries") if settings.queries else "no query"
    queries += f" ({spent} spent)" if spent else ""
    each = f", {seeds} seeds" if seeds > 1 else ""
    scored = "nothing to compute"
    if work.seconds:
        count = settings.scored * seeds
        scored = f"up to {counted(count, 'architecture')} scored, {time_needed(work)}"
    return f"**{_name(given)}**: {queries}{each}, {scored}."
