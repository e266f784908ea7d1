"""The dashboard: its pages, in the groups of the navigation bar."""

import sys
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

ROOT = Path(__file__).parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(1, str(ROOT))  # `streamlit run app/main.py` puts only this file's folder on the path

from app.shell.browser import script_panel, style_panel  # noqa: E402
from app.shell.errors import told  # noqa: E402
from app.shell.kinds import KINDS  # noqa: E402
from app.views.style import STYLE  # noqa: E402

LOGO = str(ROOT / "assets" / "logo.svg")


def page_of(kind: str) -> StreamlitPage:
    """Return the page of a kind of runs."""
    known = KINDS[kind]
    return st.Page(known.path, title=known.page_title, icon=known.page_icon)


st.set_page_config(page_icon=LOGO, layout="wide")
style_panel()
st.html(STYLE)
st.logo(LOGO, size="large")

page = st.navigation(
    {
        "Explore": [
            st.Page("../pages/start.py", title="Start", icon=":material/home:", default=True),
            st.Page("../pages/architectures.py", title="Architectures", icon=":material/account_tree:"),
            page_of("evaluate"),
            page_of("compare"),
        ],
        "Search": [
            page_of("rank"),
            page_of("dps"),
            page_of("search"),
        ],
        "Learn": [
            page_of("landscape"),
            st.Page("../pages/why_a_barrier.py", title="Why a barrier?", icon=":material/school:"),
        ],
        "Records": [
            st.Page("../pages/scoreboard.py", title="Scoreboard", icon=":material/scoreboard:"),
            st.Page("../pages/runs.py", title="Runs", icon=":material/history:"),
        ],
    },
    position="top",
)

with told():
    top = st.container(key="top")
    if not page.url_path:
        page.run()  # Start can be read before the engine is imported
    from app.shell import state
    from app.shell.adopting import adopt_settings
    from app.shell.status import status_panel

    with top:
        status_panel(page)
        state.begin(page.url_path)
    adopt_settings()
    if page.url_path:
        page.run()
    script_panel()
    state.write_url()
