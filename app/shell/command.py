"""The command line that does again what a run did."""

from __future__ import annotations

import streamlit as st

from eproxy_engine.runs import Specification
from eproxy_engine.runs.command_line import command
from eproxy_engine.runs.command_words import ARCHITECTURES


def command_panel(specification: Specification) -> None:
    """The line, and which files it takes that have to be saved first."""
    line = command(specification)
    files = [f"the architectures, one a line, as `{ARCHITECTURES}`"] if ARCHITECTURES in line else []
    files += ["each proxy without a name of its own as its YAML file"] if ".yaml" in line and "--config" in line else []
    first = f" Save {' and '.join(files)} first." if files else ""
    st.caption(f"The same on the command line:{first}")
    st.code(line, language="bash", wrap_lines=True)
