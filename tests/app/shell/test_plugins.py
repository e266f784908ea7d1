"""Problems of plug-ins on a page."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.registry import EXAMPLE, fresh_registry

__all__ = ["fresh_registry"]


def page() -> None:
    from app.shell.plugins import plugin_problems_panel

    plugin_problems_panel()


@pytest.mark.parametrize("broken", [0, 2])
def test_a_warning_for_each_problem(
    fresh_registry: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, broken: int
) -> None:
    files = [tmp_path / f"__bad_{number}__.py" for number in range(broken)]
    for file in files:
        file.write_text("raise ValueError('**no**')", "utf-8")
    monkeypatch.setenv("EPROXY_PLUGINS", ":".join(map(str, [EXAMPLE, *files])))
    app = AppTest.from_function(page).run()
    assert not app.exception
    shown = [warning.value for warning in app.warning]
    assert [r"\_\_bad\_" in text and r"ValueError\: \*\*no\*\*" in text for text in shown] == [True] * broken
