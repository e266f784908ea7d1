"""Driving the dashboard as a script: opening its pages, finding their controls, what they lead to."""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from app.controls.configuration import ALL_SETTINGS
from app.shell.choice import Choice

ROOT = Path(__file__).parents[2]
ENTRY = str(ROOT / "app" / "main.py")


def opened(app: AppTest, page: str, **query: str) -> AppTest:
    """The page of that name, with the parameters of its address."""
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page(f"../pages/{page}.py").run()
    assert not app.exception
    assert not app.error
    return app


def control(app: AppTest, kind: str, label: str):  # type: ignore[no-untyped-def]
    return next(widget for widget in getattr(app, kind) if widget.label == label)


def all_settings(app: AppTest) -> None:
    """Open what is seldom changed of a proxy configuration."""
    app.session_state[ALL_SETTINGS] = True
    app.run()


def chosen(app: AppTest) -> Choice:
    return app.session_state["choice"]


def read(shown: Any) -> str:
    """What a reader sees of an element whose text is shown word for word."""
    return re.sub(rf"\\([{re.escape(string.punctuation)}])", r"\1", shown.value)
