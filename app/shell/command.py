"""Command line that repeats a run."""

from __future__ import annotations

import streamlit as st

from eproxy_engine.runs import Specification
from eproxy_engine.runs.command_line import command
from eproxy_engine.runs.command_words import ARCHITECTURES


def command_panel(specification: Specification) -> None:
    """Show the command line and name the files to save before running it."""
    line = command(specification)
    st.caption(f"The same on the command line: {what_to_save(line)}".strip())
    st.code(line, language="bash", wrap_lines=True)


def what_to_save(line: str) -> str:
    """Say which files the command line needs; empty if it needs none."""
    files = [f"the architectures, one per line, as `{ARCHITECTURES}`"] if ARCHITECTURES in line else []
    files += ["each unnamed proxy as a YAML file"] if ".yaml" in line and "--config" in line else []
    return f"Save {' and '.join(files)} first." if files else ""
