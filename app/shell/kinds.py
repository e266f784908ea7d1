"""What the dashboard knows of each kind of runs: what it is called, its page, its button, its report, its sign."""

from __future__ import annotations

from typing import NamedTuple

from app.charts import palette


class Kind(NamedTuple):
    """A kind of runs. Modules are names, since features do not know each other and are imported when needed."""

    run_title: str
    """What one run of it is called."""
    page: str
    """Name of its page in addresses and in the folder ``pages``."""
    page_title: str
    page_icon: str
    launch: str
    """Label of the button that launches one."""
    report: str
    """Module with a function ``sections(store, run)``, which says what a report shows of a run."""
    colour: str
    """Of its sign in tables."""
    strokes: str
    """The sign itself, as parts of an SVG on a square of 24."""

    @property
    def path(self) -> str:
        """Path of the page, as Streamlit wants it."""
        return f"../pages/{self.page}.py"


KINDS = {
    "evaluate": Kind(
        run_title="Evaluation",
        page="proxy",
        page_title="Proxy",
        page_icon=":material/tune:",
        launch="Evaluate",
        report="app.proxy.report",
        colour=palette.BLUE,
        strokes='<path d="M3 3v18h18"/><circle cx="8" cy="16" r="1.5"/><circle cx="12" cy="11" r="1.5"/>'
        '<circle cx="17" cy="13" r="1.5"/><circle cx="19" cy="6" r="1.5"/>',
    ),
    "compare": Kind(
        run_title="Comparison",
        page="correlations",
        page_title="Correlations",
        page_icon=":material/scatter_plot:",
        launch="Compare",
        report="app.correlations.report",
        colour=palette.GREEN,
        strokes='<path d="M4 6h16M4 12h10M4 18h13"/>',
    ),
    "rank": Kind(
        run_title="Learned ranking",
        page="learned_ranking",
        page_title="Learned ranking",
        page_icon=":material/leaderboard:",
        launch="Judge",
        report="app.learned_ranking.report",
        colour=palette.ORANGE,
        strokes='<path d="M3 21v-6h6v-6h6V3h6"/>',
    ),
    "dps": Kind(
        run_title="Proxy search",
        page="proxy_search",
        page_title="Proxy search",
        page_icon=":material/travel_explore:",
        launch="Search",
        report="app.proxy_search.report",
        colour=palette.VERMILLION,
        strokes='<circle cx="10" cy="10" r="6"/><path d="M15 15l6 6"/>',
    ),
    "search": Kind(
        run_title="Architecture search",
        page="architecture_search",
        page_title="Architecture search",
        page_icon=":material/hub:",
        launch="Search",
        report="app.architecture_search.report",
        colour=palette.PURPLE,
        strokes='<circle cx="12" cy="4" r="2"/><circle cx="5" cy="19" r="2"/><circle cx="19" cy="19" r="2"/>'
        '<path d="M11 6L6 17M13 6l5 11M7 19h10"/>',
    ),
    "landscape": Kind(
        run_title="Loss landscape",
        page="landscape",
        page_title="Loss landscape",
        page_icon=":material/landscape:",
        launch="Compute",
        report="app.landscape.report",
        colour=palette.SKY_BLUE,
        strokes='<path d="M2 19l6-11 4 6 3-4 7 9z"/>',
    ),
}
"""Every kind by its name in the store."""

KIND_OF_PAGE = {kind.page: name for name, kind in KINDS.items()}
"""Name of the kind of the runs that a page shows."""
