"""Texts of a step: the introduction before its figure, and the fold-outs after it."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from app.shell.text import text

FORMULA = "The formula"
_ICONS = {FORMULA: ":material/function:"}


class Words(NamedTuple):
    """Texts of one step."""

    introduction: str
    folds: list[tuple[str, str]]
    """Questions or titles, each with the text it folds out to."""


def words(name: str) -> Words:
    """Read ``text/name.md``: one fold-out per second-level heading."""
    introduction, *rest = text("lesson", name).split("\n## ")
    folds = [(title.strip(), body.strip()) for title, _, body in (part.partition("\n") for part in rest)]
    return Words(introduction.strip(), folds)


def finding(sentence: str) -> None:
    """Show what the data of a step say."""
    st.info(sentence, icon=":material/insights:")


def folded(folds: list[tuple[str, str]]) -> None:
    """Show the questions to the class, and the formula, as fold-outs."""
    for title, body in folds:
        with st.expander(title, icon=_ICONS.get(title, ":material/help:")):
            st.markdown(body)
