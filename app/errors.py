"""How errors reach the person at the screen: a message, never a traceback."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

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
        st.error(str(error), icon=":material/error:")
    except Exception:
        logging.getLogger("eproxy-studio").exception("a page failed")
        st.error(UNEXPECTED, icon=":material/error:")
