"""The ways on from an architecture that a search has found."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.registry import EXAMPLE, fresh_registry

__all__ = ["fresh_registry"]


def ways_on(space: str) -> None:
    from types import SimpleNamespace
    from typing import Any, cast

    from app.architecture_search.found import _ways_on
    from eproxy_engine import spaces

    _ways_on(cast(Any, SimpleNamespace(space=space)), str(spaces.get(space).largest()), [])


@pytest.mark.parametrize(
    ("space", "disabled", "told"),
    [("nasbench201", False, "ready to train"), ("plain-convnets", True, "networks of plug-ins cannot be exported")],
)
def test_networks_of_plug_ins_cannot_be_downloaded(
    fresh_registry: object, monkeypatch: pytest.MonkeyPatch, space: str, disabled: bool, told: str
) -> None:
    monkeypatch.setenv("EPROXY_PLUGINS", str(EXAMPLE))
    app = AppTest.from_function(ways_on, args=(space,)).run()
    assert not app.exception
    (button,) = app.get("download_button")
    assert button.proto.disabled is disabled
    assert told in button.proto.help
