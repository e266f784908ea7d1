"""Cost estimate of a comparison, and the button that launches it."""

from __future__ import annotations

from app.shell import state
from app.shell.choice import Choice
from app.shell.choice.comparison import RUN, TUNED, proxy_of
from app.shell.kinds import KINDS
from app.shell.launcher import costing, launcher
from app.shell.missing_work import MissingWork
from app.shell.titled import titled
from eproxy_engine.counted import counted
from eproxy_engine.errors import UserError
from eproxy_engine.runs import ComparisonSpecification, Run, Store
from eproxy_engine.scoring.named import NamedProxy, named

KIND = KINDS[ComparisonSpecification.kind]


def launch_panel(store: Store, runs: list[Run]) -> None:
    """Show the page's title, with the cost estimate and launch button beside it."""
    place = titled(KIND.page_title)
    if not state.choice().comparison.proxies:
        place.text.info("Choose at least one proxy on the left.", icon=":material/checklist:")
        return
    launcher(place, store, runs, lambda: [specified(runs)], _sentence, KIND.launch, ":material/compare:", "compare")


def specified_or_none(runs: list[Run]) -> ComparisonSpecification | None:
    """Return what the controls specify; None if it cannot be run."""
    try:
        return specified(runs)
    except UserError:
        return None


def specified(runs: list[Run]) -> ComparisonSpecification:
    """Return what the controls specify. Raises UserError for a name that no longer exists."""
    choice = state.choice()
    given, compared = choice.specification, choice.comparison
    proxies = tuple(_proxy(name, choice, runs) for name in compared.proxies)
    seeds = tuple(range(given.seed, given.seed + compared.seeds))
    return ComparisonSpecification(given.space, given.task, given.sample, proxies, given.images, seeds)


def _proxy(name: str, choice: Choice, runs: list[Run]) -> NamedProxy:
    if name == TUNED:
        return NamedProxy(TUNED, choice.eproxy)
    if not name.startswith(RUN):
        return named(name, choice.comparison.batch, choice.comparison.width)
    run = next((run for run in runs if run.id == name.removeprefix(RUN)), None)
    found = proxy_of(run) if run is not None else None
    if found is None:
        raise UserError(f"{name}: no such run with a proxy; accepted: searches that have found one, and ensembles")
    return NamedProxy(name, found)


def _sentence(given: ComparisonSpecification, work: MissingWork) -> str:
    seeds = f", {len(given.seeds)} seeds" if len(given.seeds) > 1 else ""
    proxies = counted(len(given.proxies), "proxy", "proxies")
    return costing(f"**{proxies}** on {counted(len(given.architectures()), 'architecture')}{seeds}", work)
