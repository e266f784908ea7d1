"""Import of run files."""

from __future__ import annotations

import streamlit as st

from app.shell.errors import show_error
from app.shell.wording import plain
from eproxy_engine.errors import UserError
from eproxy_engine.runs import Store
from eproxy_engine.runs.bundle import Taken, take


def import_panel(store: Store) -> None:
    """Import exported runs, or show what is wrong with the file."""
    given = st.file_uploader(
        "A file that Eproxy Studio exported",
        ["gz", "zip"],
        help="One run (.json.gz) or several (.zip). They are added to your runs, none twice.",
    )
    if given is None or st.session_state.get("imported_file") == given.file_id:
        return
    try:
        taken = take(store, given.getvalue())
    except UserError as error:
        show_error(f"{given.name}: {error}")
        return
    st.session_state.imported_file = given.file_id
    st.toast(plain(told(taken)), icon=":material/check_circle:")


def told(taken: list[Taken]) -> str:
    """Say what was imported, and what was here before."""
    new, old = ([each.run for each in taken if each.is_new is is_new] for is_new in (True, False))
    said = []
    if new:
        names = f" {new[0].id}: {new[0].name}" if len(new) == 1 else "s"
        said.append(f"Imported as run{names}" if len(new) == 1 else f"Imported {len(new)} runs")
    if old:
        here = f"Run {old[0].id} is here already" if len(old) == 1 else f"{len(old)} runs are here already"
        said.append(here)
    return ". ".join(said) + "."
