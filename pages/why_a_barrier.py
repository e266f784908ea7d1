"""Lesson page "Why a barrier?": a guided walk, one idea per step, for one reader or for a class."""

from dataclasses import replace

import streamlit as st

from app.lesson.steps import STEPS
from app.lesson.telling import teaching
from app.shell import state
from app.shell.errors import told

# Runs once per step: the button below a step would otherwise leave the reader at the end of the next one.
TO_THE_TOP = "<script>document.querySelector('[data-testid=stMain]').scrollTo(0, 0) /* step {} */</script>"
# Large letters that the last row can read, on all of the screen: no bar above, no margins beside.
FOR_A_CLASS = """<style>
[data-testid=stHeader] { display: none }
[data-testid=stMainBlockContainer] { padding: 1rem 2.5rem 2rem }
[data-testid=stMainBlockContainer] :is(p, li, label) { font-size: 1.35rem; line-height: 1.45 }
[data-testid=stMainBlockContainer] [data-testid=stSliderThumbValue] p { font-size: 1rem; line-height: 1 }
[data-testid=stMainBlockContainer] [data-testid=stMetricValue] p { font-size: 2.2rem }
[data-testid=stMainBlockContainer] h2 { font-size: 2.4rem }
[data-testid=stMainBlockContainer] h3 { font-size: 1.7rem }
[data-testid=stMainBlockContainer] [data-testid=stMarkdownContainer] p { max-width: 75rem }
</style>"""
TITLES = {number: f"{number} · {step.TITLE}" for number, step in enumerate(STEPS, 1)}
number = min(state.choice().lesson_step, len(STEPS))


def go(to: int) -> None:
    """Go to another step."""
    state.keep(replace(state.choice(), lesson_step=to))


def go_to_chosen() -> None:
    """Go to the clicked step."""
    go(st.session_state[f"lesson-step-{number}"])


def switch() -> None:
    """Show the lesson to a class, or to one reader again."""
    state.keep(replace(state.choice(), lesson_teaching=not teaching()))


def back_and_next(place: str, keys: bool = False) -> None:
    """Draw the two buttons that stand above and below the step. ``keys``: the arrow keys press them, too."""
    with st.container(horizontal=True, width="content"):
        if number > 1:
            st.button(
                "Back",
                icon=":material/arrow_back:",
                key=f"lesson-back-{place}",
                shortcut="Left" if keys else None,
                on_click=go,
                args=(number - 1,),
            )
        if number < len(STEPS):
            st.button(
                "Next",
                icon=":material/arrow_forward:",
                icon_position="right",
                type="primary",
                key=f"lesson-next-{place}",
                shortcut="Right" if keys else None,
                on_click=go,
                args=(number + 1,),
            )


def heading() -> None:
    """Title of the page, and all steps to choose from."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title("Why a barrier?", width="stretch")
        st.button(
            "Teach",
            icon=":material/co_present:",
            key="lesson-teach",
            on_click=switch,
            help="Full width and large type. The arrow keys turn the pages, and questions appear one at a time. "
            "The address leads back to the same page.",
        )
        back_and_next("above")
    st.progress(number / len(STEPS), text=f"Step {number} of {len(STEPS)}, about a quarter of an hour in all")
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
    st.header(STEPS[number - 1].TITLE, anchor=False)


def heading_for_a_class() -> None:
    """The step's title alone, and how to get on."""
    st.html(FOR_A_CLASS)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(f"{STEPS[number - 1].TITLE} :gray[{number} / {len(STEPS)}]", anchor=False, width="stretch")
        back_and_next("above", keys=True)
        st.button("End", icon=":material/close:", key="lesson-teach", on_click=switch, help="Back to the reader's view")


with st.container(key="to-the-top"):
    st.html(TO_THE_TOP.format(number), unsafe_allow_javascript=True)
if teaching():
    heading_for_a_class()
else:
    heading()
with told():
    STEPS[number - 1].show(state.store())
with st.container(horizontal=True, horizontal_alignment="right"):
    back_and_next("below")
