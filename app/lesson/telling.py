"""Texts of a step: the finding and the introduction before its figure, and the questions after it."""

from __future__ import annotations

from typing import NamedTuple

import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.shell import state
from app.shell.text import text

FORMULA = "The formula"
_ICONS = {FORMULA: ":material/function:"}
LARGE, LARGE_TITLE, LARGE_NUMBERS, TALLER = 18, 22, 15, 1.15
"""Sizes of letters in figures for a class: texts, titles, axes and legends; and how much taller a figure is."""


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


def teaching() -> bool:
    """Whether the lesson is shown to a class."""
    return state.choice().lesson_teaching


def begun(told: Words) -> DeltaGenerator:
    """Show the introduction, and return the place above it for the finding, which takes the step's numbers."""
    place = st.container()
    st.markdown(told.introduction)
    return place


def finding(place: DeltaGenerator, sentence: str) -> None:
    """Show what the data of a step say."""
    place.info(sentence, icon=":material/insights:")


def chart(figure: go.Figure, key: str, alt: str, tools: bool = True) -> None:
    """Show a figure, larger before a class. ``tools``: with Plotly's bar of tools, which lies over a figure's edge."""
    if teaching():
        figure.update_layout(font_size=LARGE, title_font_size=LARGE_TITLE)
        figure.update_annotations(font_size=LARGE)
        figure.update_layout(legend_font_size=LARGE_NUMBERS)
        for axes in (figure.update_xaxes, figure.update_yaxes):
            axes(tickfont_size=LARGE_NUMBERS, title_font_size=LARGE_NUMBERS)
        if figure.layout.height:
            figure.update_layout(height=figure.layout.height * TALLER)
    st.plotly_chart(figure, key=key, alt=alt, config={} if tools else {"displayModeBar": False})


def folded(told: Words) -> None:
    """Show the questions to the class, and the formula, as fold-outs; before a class one after the other."""
    if teaching():
        _one_by_one(told.folds)
        return
    for title, body in told.folds:
        with st.expander(title, icon=_ICONS.get(title, ":material/help:")):
            st.markdown(body)


def _one_by_one(folds: list[tuple[str, str]]) -> None:
    """Show as many questions and answers as were asked for, and a button for the next of them."""
    key = f"lesson-revealed-{state.choice().lesson_step}"
    revealed = st.session_state.get(key, 0)
    for number, (title, body) in enumerate(folds):
        if revealed > 2 * number:
            st.subheader(title, anchor=False)
        if revealed > 2 * number + 1:
            st.markdown(body)
    if revealed < 2 * len(folds):
        st.button(
            "Show the answer" if revealed % 2 else "Next question" if revealed else "Ask the class",
            icon=":material/visibility:" if revealed % 2 else ":material/help:",
            key=f"lesson-reveal-{state.choice().lesson_step}",
            shortcut="Down",
            on_click=st.session_state.__setitem__,
            args=(key, revealed + 1),
        )
