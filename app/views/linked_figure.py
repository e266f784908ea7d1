"""Figure with scenes that turn together, on a page."""

from __future__ import annotations

from pathlib import Path

import plotly
import plotly.graph_objects as go
import streamlit as st
from streamlit.components.v1 import declare_component

from app.charts.layout import plain_title
from app.charts.linked import linked_html

LIBRARY = Path(plotly.__file__).parent / "package_data"


def linked_figure(figure: go.Figure, key: str, height: int) -> None:
    """Show the figure, ``height`` pixels high. Streamlit's own chart element cannot link scenes."""
    st.iframe(linked_html(figure, library_address(), key), height=height, alt=plain_title(figure))


def library_address() -> str:
    """Return the address where this dashboard serves the installed plotly's plotly.min.js."""
    folder = declare_component(f"plotly-{plotly.__version__}", path=LIBRARY)
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"{'/' + base if base else ''}/component/{folder.name}/plotly.min.js"
