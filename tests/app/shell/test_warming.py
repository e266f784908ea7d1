"""What a page needs later is imported beside it, and only once."""

import sys
from threading import Timer
from unittest.mock import Mock

import pytest

from app.shell import warming


@pytest.fixture
def timer(monkeypatch: pytest.MonkeyPatch) -> Mock:
    made = Mock(spec=Timer)
    monkeypatch.setattr(warming, "Timer", made)
    return made


def test_what_is_missing_is_imported_after_a_while(timer: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    warming.import_later("json", "colorsys")
    seconds, work, modules = timer.call_args.args
    assert seconds == warming.PAGE_IS_THERE
    timer.return_value.start.assert_called_once()
    work(*modules)
    assert "colorsys" in sys.modules


def test_what_is_there_starts_no_thread(timer: Mock) -> None:
    warming.import_later("json", "sys")
    timer.assert_not_called()
