"""Cost estimate of a search, and the button that launches it."""

from __future__ import annotations

import json

import streamlit as st

from app.shell import state
from app.shell.errors import show_error
from app.shell.launching import launch
from app.shell.speed import multiply_accumulates_per_second
from app.shell.wording import duration, plain
from eproxy_engine import spaces
from eproxy_engine.errors import UserError
from eproxy_engine.runs import ProxySearchSpecification, Run, Store
from eproxy_engine.runs.cost import cost
from eproxy_engine.runs.executors import cores
from eproxy_engine.sampling import drawable


def launch_panel(store: Store, runs: list[Run]) -> None:
    """Show the page's title, with the cost estimate and launch button beside it."""
    heading, text, button = st.columns([3, 5, 3], vertical_alignment="bottom")
    heading.title("Proxy search")
    specification = specified()
    if not drawable(specification.space, specification.task):
        space = spaces.get(specification.space)
        missing = f"A search needs a few measured architectures, and no accuracy of {plain(space.title)} is known."
        text.info(f"{missing} {space.ground_truth_hint}", icon=":material/info:")
        return
    try:
        specification.checked()
        work = _multiply_accumulates(json.dumps(specification.as_dict()))
    except UserError as error:
        show_error(error, text)
        return
    speed = multiply_accumulates_per_second(runs, specification.space)
    text.markdown(_sentence(specification, work / speed / cores(), runs))
    if button.button(
        "Search",
        type="primary",
        icon=":material/travel_explore:",
        width="stretch",
        key="launch-search",
        shortcut="Ctrl+Enter",
        help="Runs in a separate worker. You can close the browser. Several searches queue up.",
    ):
        launch(store, specification)


def specified() -> ProxySearchSpecification:
    """Return what the controls specify."""
    given, search = state.choice().specification, state.choice().proxy_search
    return ProxySearchSpecification(
        given.space, given.task, search.sample, search.settings, given.images, given.seed, search.held_out
    )


@st.cache_data(max_entries=50, show_spinner=False)
def _multiply_accumulates(specification: str) -> float:
    """Count the work of all evaluations, if none is stored and none is cut short."""
    return cost(ProxySearchSpecification.from_dict(json.loads(specification))).search


def _sentence(given: ProxySearchSpecification, seconds: float, runs: list[Run]) -> str:
    settings = given.settings
    evaluations = settings.trials * settings.seeds * len(given.architectures())
    waiting = sum(run.status in ("queued", "running") for run in runs)
    queued = f" It will wait for {waiting} other run{'s' * (waiting > 1)}." if waiting else ""
    judged = f", then {given.held_out} held-out architectures" if given.held_out else ", without judgement"
    return (
        f"**{settings.trials} configurations** on {len(given.architectures())} architectures ({evaluations:,} "
        f"evaluations){judged}: about **{duration(seconds)}** on {cores()} cores.{queued}"
    )
