"""Cost estimate of a search, and the button that launches it."""

from __future__ import annotations

from app.shell import state
from app.shell.launcher import launcher, titled
from app.shell.missing_work import MissingWork
from app.shell.wording import duration, plain
from eproxy_engine import spaces
from eproxy_engine.runs import ProxySearchSpecification, Run, Store
from eproxy_engine.runs.executors import cores
from eproxy_engine.sampling import drawable


def launch_panel(store: Store, runs: list[Run]) -> None:
    """Show the page's title, with the cost estimate and launch button beside it."""
    place, given = titled("Proxy search", [3, 5, 3]), state.choice().specification
    if not drawable(given.space, given.task):
        space = spaces.get(given.space)
        missing = f"A search needs a few measured architectures, and no accuracy of {plain(space.title)} is known."
        place.text.info(f"{missing} {space.ground_truth_hint}", icon=":material/info:")
        return
    launcher(
        place,
        store,
        runs,
        lambda: [specified()],
        lambda specification, work: _sentence(specification, work, runs),
        "Search",
        ":material/travel_explore:",
        "launch-search",
        "Runs in a separate worker. You can close the browser. Several searches queue up.",
    )


def specified() -> ProxySearchSpecification:
    """Return what the controls specify."""
    given, search = state.choice().specification, state.choice().proxy_search
    return ProxySearchSpecification(
        given.space, given.task, search.sample, search.settings, given.images, given.seed, search.held_out
    )


def _sentence(given: ProxySearchSpecification, work: MissingWork, runs: list[Run]) -> str:
    settings = given.settings
    evaluations = settings.trials * settings.seeds * len(given.architectures())
    waiting = sum(run.status in ("queued", "running") for run in runs)
    queued = f" It will wait for {waiting} other run{'s' * (waiting > 1)}." if waiting else ""
    judged = f", then {given.held_out} held-out architectures" if given.held_out else ", without judgement"
    return (
        f"**{settings.trials} configurations** on {len(given.architectures())} architectures ({evaluations:,} "
        f"evaluations){judged}: about **{duration(work.seconds)}** on {cores()} cores.{queued}"
    )
