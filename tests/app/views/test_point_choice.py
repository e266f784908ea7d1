"""Points by name: the list and the clicks in a chart follow each other."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def script() -> None:
    import streamlit as st

    from app.views.point_choice import newly_chosen, point_choice, point_choices

    clicked = "b" if st.button("Click b") else None
    selected = st.session_state.get("selected")
    chosen = point_choice("One", ["a", "b", "c"], selected, "one", str.upper)
    if (now := newly_chosen(selected, chosen, clicked)) is not None:
        st.session_state["selected"] = now
        st.rerun()
    st.text(f"selected {selected}")
    circled = ["c", "gone"] if st.session_state.get("selected") == "c" else []
    st.text(f"several {point_choices('Several', ['a', 'b', 'c'], circled, 'several')}")


def said(app: AppTest) -> list[str]:
    assert not app.exception
    return [text.value for text in app.text]


def test_a_choice_by_name_does_what_a_click_does_and_each_shows_the_other() -> None:
    app = AppTest.from_function(script).run()
    assert said(app) == ["selected None", "several []"]
    assert app.selectbox(key="one").options == ["A", "B", "C"]
    app.button[0].click().run()
    assert said(app)[0] == "selected b"
    assert app.selectbox(key="one").value == "b"
    app.selectbox(key="one").select("c").run()
    assert said(app) == ["selected c", "several ['c']"]
    app.button[0].click().run()
    assert app.selectbox(key="one").value == "b", "the list follows the click again"
    assert said(app) == ["selected b", "several []"]
