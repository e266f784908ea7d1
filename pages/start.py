"""Start page: what this is, three doors, a barrier to switch, and the list of pages.

It is the first page: its words are there before the engine is imported, which takes a second or two.
"""

import streamlit as st

from app.shell.text import text
from app.shell.titled import titled

DOORS = (
    (
        "../pages/proxy.py",
        "Explore: design a proxy",
        ":material/tune:",
        "Change one setting of a finished run and see how well it ranks networks of known accuracy.",
    ),
    (
        "../pages/why_a_barrier.py",
        "Teach: why a barrier?",
        ":material/school:",
        "A lesson in small steps, in which 200 networks sort themselves before the eyes of a class.",
    ),
    (
        "../pages/proxy_search.py",
        "Inspect a search",
        ":material/travel_explore:",
        "Open a finished search: what it tried, what it found, and how that does on networks it has not seen.",
    ),
)
STEPS = (
    ("../pages/architectures.py", "1 · Pick architectures", ":material/account_tree:"),
    ("../pages/proxy.py", "2 · Tune a proxy", ":material/tune:"),
    ("../pages/correlations.py", "3 · Compare proxies", ":material/scatter_plot:"),
    ("../pages/learned_ranking.py", "4 · Rank by twenty", ":material/leaderboard:"),
    ("../pages/proxy_search.py", "5 · Search a proxy", ":material/travel_explore:"),
    ("../pages/architecture_search.py", "6 · Search networks", ":material/hub:"),
    ("../pages/landscape.py", "7 · Look at surfaces", ":material/landscape:"),
    ("../pages/scoreboard.py", "8 · Check the paper", ":material/scoreboard:"),
    ("../pages/runs.py", "9 · Look back", ":material/history:"),
)
DOORS_WIDTH, PICTURE_WIDTH = 400, 680  # pixels; stacked on a narrow page
STEP_WIDTH = 190

titled("Eproxy Studio")
st.markdown(text("start", "start"))
row = st.container(horizontal=True, gap="medium")
picture, doors = row.container(width=PICTURE_WIDTH), row.container(width=DOORS_WIDTH)
with doors:
    for page, title, icon, what in DOORS:
        with st.container(border=True):
            st.page_link(page, label=f"**{title}**", icon=icon)
            st.caption(what)
    with st.container(horizontal=True, gap="small"):
        for page, title, icon in STEPS:
            with st.container(width=STEP_WIDTH):
                st.page_link(page, label=title, icon=icon)
picture.caption("200 networks of known accuracy, and the order in which a proxy puts them")
with st.expander("The formula", icon=":material/function:"):
    st.markdown(text("start", "formula"))

from app.start.barrier_switch import barrier_switch  # noqa: E402 - all above can be read meanwhile
from app.start.latest import latest_panel  # noqa: E402

with picture:
    barrier_switch()
with doors:
    latest_panel()
