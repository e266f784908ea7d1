"""Lesson page "Why a barrier?": a guided walk, one idea per step."""

from dataclasses import replace

import streamlit as st

from app.lesson.steps import STEPS
from app.shell import state
from app.shell.errors import told

# Runs once per step: the button below a step would otherwise leave the reader at the end of the next one.
TO_THE_TOP = "<script>document.querySelector('[data-testid=stMain]').scrollTo(0, 0) /* step {} */</script>"
TITLES = {number: f"{number} · {step.TITLE}" for number, step in enumerate(STEPS, 1)}
number = min(state.choice().lesson_step, len(STEPS))


def go(to: int) -> None:
    """Go to another step."""
    state.keep(replace(state.choice(), lesson_step=to))


def go_to_chosen() -> None:
    """Go to the clicked step."""
    go(st.session_state[f"lesson-step-{number}"])


def back_and_next(place: str) -> None:
    """Draw the two buttons that stand above and below the step."""
    with st.container(horizontal=True, width="content"):
        if number > 1:
            st.button("Back", icon=":material/arrow_back:", key=f"lesson-back-{place}", on_click=go, args=(number - 1,))
        if number < len(STEPS):
            st.button(
                "Next",
                icon=":material/arrow_forward:",
                icon_position="right",
                type="primary",
                key=f"lesson-next-{place}",
                on_click=go,
                args=(number + 1,),
            )


with st.container(horizontal=True, vertical_alignment="center"):
    st.title("Why a barrier?", width="stretch")
    back_and_next("above")
st.html(TO_THE_TOP.format(number), unsafe_allow_javascript=True)
st.progress(number / len(STEPS), text=f"Step {number} of {len(STEPS)}, about ten minutes in all")
st.pills(
    "Steps",
    list(TITLES),
    format_func=TITLES.__getitem__,
    default=number,
    required=True,
    key=f"lesson-step-{number}",
    on_change=go_to_chosen,
    label_visibility="collapsed",
)
with told():
    st.header(STEPS[number - 1].TITLE, anchor=False)
    STEPS[number - 1].show(state.store())
with st.container(horizontal=True, horizontal_alignment="right"):
    back_and_next("below")
