"""The dashboard: its pages, in the groups of the navigation bar."""

import sys
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

ROOT = Path(__file__).parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(1, str(ROOT))  # `streamlit run app/main.py` puts only this file's folder on the path

from app.shell import state  # noqa: E402
from app.shell.adopting import adopt_settings  # noqa: E402
from app.shell.browser import script_panel, style_panel  # noqa: E402
from app.shell.errors import told  # noqa: E402
from app.shell.kinds import KINDS  # noqa: E402
from app.shell.status import status_panel  # noqa: E402
from app.views.style import STYLE  # noqa: E402
from eproxy_engine.runs import (  # noqa: E402
    ArchitectureSearchSpecification,
    ComparisonSpecification,
    EvaluationSpecification,
    LandscapeSpecification,
    ProxySearchSpecification,
    RankingSpecification,
    Specification,
)

LOGO = str(ROOT / "assets" / "logo.svg")


def page_of(specification: type[Specification]) -> StreamlitPage:
    """Return the page of a kind of runs."""
    kind = KINDS[specification.kind]
    return st.Page(kind.path, title=kind.page_title, icon=kind.page_icon)


st.set_page_config(page_icon=LOGO, layout="wide")
style_panel()
st.html(STYLE)
st.logo(LOGO, size="large")

page = st.navigation(
    {
        "Explore": [
            st.Page("../pages/start.py", title="Start", icon=":material/home:", default=True),
            st.Page("../pages/architectures.py", title="Architectures", icon=":material/account_tree:"),
            page_of(EvaluationSpecification),
            page_of(ComparisonSpecification),
        ],
        "Search": [
            page_of(RankingSpecification),
            page_of(ProxySearchSpecification),
            page_of(ArchitectureSearchSpecification),
        ],
        "Learn": [
            page_of(LandscapeSpecification),
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
    status_panel(page)
    state.begin(page.url_path)
    adopt_settings()
    page.run()
    script_panel()
    state.write_url()
