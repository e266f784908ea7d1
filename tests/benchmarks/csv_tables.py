"""Tables of accuracies as CSV, and how they are checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from eproxy_engine import benchmarks
from eproxy_engine.benchmarks.importing import csv_file
from eproxy_engine.benchmarks.importing.checked import Checked
from eproxy_engine.errors import UserError

CELL = "|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|"
OTHER = "|none~0|+|none~0|none~1|+|nor_conv_1x1~0|none~1|none~2|"
FIRST = benchmarks.load("nasbench201")["architecture"][:5].tolist()
THIRD = "|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EPROXY_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def check(text: str, space: str = "nasbench201", source: str = "mine.csv") -> Checked:
    return csv_file.check(space, text.encode(), source)


def refused(text: str, *parts: str, space: str = "nasbench201") -> str:
    with pytest.raises(UserError) as caught:
        check(text, space)
    message = str(caught.value)
    assert "\n" not in message
    for part in parts:
        assert part in message
    return message


def reason(row: str, header: str = "architecture,acc", space: str = "nasbench201") -> str:
    """Why a row is rejected, though the one before is taken."""
    first = {"nasbench201": CELL, "nasbench101": "101:conv3x3"}[space]
    found = check(f"{header}\n{first},1{',2' * (header.count(',') - 1)}\n{row}\n", space)
    assert len(found.table) == 1
    assert [each.line for each in found.rejected] == [3]
    assert "\n" not in found.rejected[0].reason
    return found.rejected[0].reason
