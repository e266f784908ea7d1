"""How errors reach the person at the screen: a message, never a traceback."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from app.shell.wording import plain
from eproxy_engine.errors import UserError

UNEXPECTED = (
    "Something went wrong on this page, and it is not your fault. Reload it; if it happens again, report what you did "
    "with the last lines of the terminal that runs the dashboard."
)


@contextmanager
def told() -> Iterator[None]:
    """An error within it becomes a message in its place; an unexpected one is logged with its traceback.

    Fragments need one of their own, as they run again without the page around them.
    """
    try:
        yield
    except UserError as error:
        show_error(error)
    except Exception:
        logging.getLogger("eproxy-studio").exception("a page failed")
        show_error(UNEXPECTED)


def show_error(error: object, place: Any = st) -> None:
    """Show an error word for word. ``place``: a container; the page itself by default."""
    place.error(plain(str(error)), icon=":material/error:")


def show_warning(problem: str, place: Any = st, icon: str = ":material/warning:") -> None:
    """Show word for word what is not as it should be."""
    place.warning(plain(problem), icon=icon)
