"""Command line that repeats a run."""

from __future__ import annotations

import streamlit as st

from eproxy_engine.runs import Specification
from eproxy_engine.runs.command_line import command
from eproxy_engine.runs.command_words import ARCHITECTURES


def command_panel(specification: Specification) -> None:
    """Show the command line and name the files to save before running it."""
    line = command(specification)
    files = [f"the architectures, one per line, as `{ARCHITECTURES}`"] if ARCHITECTURES in line else []
    files += ["each unnamed proxy as a YAML file"] if ".yaml" in line and "--config" in line else []
    first = f" Save {' and '.join(files)} first." if files else ""
    st.caption(f"The same on the command line:{first}")
    st.code(line, language="bash", wrap_lines=True)
