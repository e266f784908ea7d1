"""Cost estimate of the run, and the button that launches it."""

from __future__ import annotations

from app.proxy.memory import missing_memory
from app.proxy.with_and_without import pair_button
from app.shell import state
from app.shell.errors import show_warning
from app.shell.kinds import KINDS
from app.shell.launcher import launcher, time_needed
from app.shell.missing_work import MissingWork
from app.shell.titled import titled
from eproxy_engine.counted import counted
from eproxy_engine.runs import EvaluationSpecification, Run, Store
from eproxy_engine.scoring import members_of

KIND = KINDS[EvaluationSpecification.kind]


def launch_panel(store: Store, runs: list[Run]) -> None:
    """Show the page's title, with the cost estimates and launch buttons beside it."""
    place, given = titled(KIND.page_title), state.choice().specification
    possible = launcher(place, store, runs, lambda: [given], _sentence, KIND.launch, ":material/play_arrow:", "launch")
    if possible:
        pair_button(place, store, runs)
    if possible and (warning := missing_memory(store, given, runs)):
        show_warning(warning, place.text, ":material/memory:")


def _sentence(given: EvaluationSpecification, work: MissingWork) -> str:
    count, members = len(given.architectures()), len(members_of(given.proxy))
    networks = f" by an ensemble of {members}" if members > 1 else ""
    networks += f" ({work.evaluations} different evaluations)" if work.evaluations < count * members else ""
    if work.missing == 0:
        return f"**{counted(count, 'architecture')}**{networks}, all evaluated already: the result takes a few seconds."
    known = f", {work.evaluations - work.missing} evaluated already" if work.missing < work.evaluations else ""
    return f"**{counted(count, 'architecture')}**{networks}{known}: {time_needed(work)}."
