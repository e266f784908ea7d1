"""The dashboard knows each kind of runs that the engine has: its page, its report, and its choice of controls."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from app.shell.choice.opened import OPENED
from app.shell.kinds import KIND_OF_PAGE, KINDS
from eproxy_engine.runs.kinds import registry
from tests.app.driving import ROOT


def test_every_kind_is_known() -> None:
    assert set(KINDS) == set(registry.KINDS) == set(OPENED)
    assert len(KIND_OF_PAGE) == len(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_has_a_page_and_a_report(name: str) -> None:
    kind = KINDS[name]
    assert Path(ROOT, "app", kind.path).resolve().is_file()
    assert callable(import_module(kind.report).sections)
