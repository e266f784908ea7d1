"""Error messages on the page instead of tracebacks."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from app.shell.wording import plain
from eproxy_engine.errors import UserError

UNEXPECTED = (
    "Something went wrong on this page, and it is not your fault. Reload it. If it happens again, report what you did "
    "and the last lines of the terminal that runs the dashboard."
)


@contextmanager
def told() -> Iterator[None]:
    """Show an error raised within the block as a message in its place; log an unexpected one with its traceback.

    Fragments need their own block, because they rerun without the page around them.
    """
    try:
        yield
    except UserError as error:
        show_error(error)
    except Exception:
        logging.getLogger("eproxy_studio").exception("a page failed")
        show_error(UNEXPECTED)


def show_error(error: object, place: Any = st) -> None:
    """Show an error verbatim in the container ``place``, by default on the page itself."""
    place.error(plain(str(error)), icon=":material/error:")


def show_warning(problem: str, place: Any = st, icon: str = ":material/warning:") -> None:
    """Show a warning verbatim."""
    place.warning(plain(problem), icon=icon)
