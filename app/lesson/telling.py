"""The words of a step: what comes before its figure, and what folds out after it."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from app.shell.text import text

FORMULA = "The formula"
_ICONS = {FORMULA: ":material/function:"}


class Words(NamedTuple):
    """Of one step."""

    introduction: str
    folds: list[tuple[str, str]]
    """A question or title, and what it folds out to."""


def words(name: str) -> Words:
    """Those of ``text/name.md``: a fold for each second-level heading."""
    introduction, *rest = text("lesson", name).split("\n## ")
    folds = [(title.strip(), body.strip()) for title, _, body in (part.partition("\n") for part in rest)]
    return Words(introduction.strip(), folds)


def finding(sentence: str) -> None:
    """What the data of a step show."""
    st.info(sentence, icon=":material/insights:")


def folded(folds: list[tuple[str, str]]) -> None:
    """Questions to the class, and the formula."""
    for title, body in folds:
        with st.expander(title, icon=_ICONS.get(title, ":material/help:")):
            st.markdown(body)
