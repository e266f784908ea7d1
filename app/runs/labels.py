"""Editing a run's name, tags and note."""

from __future__ import annotations

import streamlit as st

from app.shell.errors import show_error
from eproxy_engine.errors import UserError
from eproxy_engine.runs import Run, Store
from eproxy_engine.runs.labels import LONGEST_NAME, LONGEST_NOTE, MOST_TAGS, Labels


def labels_form(store: Store, run: Run) -> None:
    """Show a form with the labels of a run, which saves them."""
    known = sorted({tag for each in store.runs() for tag in each.labels.tags})
    with st.form(f"labels-{run.id}", border=False):
        name = st.text_input("Name", run.labels.name, LONGEST_NAME, placeholder=run.name, key=f"name-{run.id}")
        tags = st.multiselect(
            "Tags",
            known,
            list(run.labels.tags),
            accept_new_options=True,
            max_selections=MOST_TAGS,
            placeholder="Type a new tag, or choose",
            key=f"tags-{run.id}",
        )
        note = st.text_area("Note", run.labels.note, max_chars=LONGEST_NOTE, key=f"note-{run.id}")
        if st.form_submit_button("Save", type="primary", icon=":material/save:"):
            try:
                store.label(run.id, Labels(name, tuple(tags), note))
            except UserError as error:
                show_error(error)
                return
            st.rerun()
