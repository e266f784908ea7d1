"""docs/your-own-proxy.md: its code is the example's, its commands work, and a bad one breaks nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from eproxy_engine import baselines, spaces
from eproxy_engine.spaces.plugins import VARIABLE
from tests.cli.test_cli import Call, call
from tests.registry import ROOT, fresh_registry

__all__ = ["call", "fresh_registry"]
pytestmark = pytest.mark.usefixtures("fresh_registry")

TUTORIAL = (ROOT / "docs" / "your-own-proxy.md").read_text("utf-8")
EXAMPLE = ROOT / "docs" / "examples" / "logit_spread.py"
OURS = baselines.names()


def test_its_python_is_the_example() -> None:
    (shown,) = re.findall(r"^```python\n(.*?)^```$", TUTORIAL, re.DOTALL | re.MULTILINE)
    assert EXAMPLE.read_text("utf-8").endswith(shown)


def test_its_commands_work(call: Call) -> None:
    checked = call("plugins", "check", str(EXAMPLE), "--json").json
    assert checked["kept"]
    assert [one["proxy"] for one in checked["proxies"]] == ["logit_spread"]
    assert [check["result"] for check in checked["proxies"][0]["checks"]] == ["kept", "kept"]
    assert call("plugins", "add", str(EXAMPLE), "--json").json["proxies"] == ["logit_spread"]
    small = ("--sample", "6", "--width", "4", "--images", "noise", "--workers", "1", "--json")
    asked = ("--space", "nasbench201", "--proxy", "logit_spread", "--proxy", "flops")
    rows = call("compare", *asked, *small).json["proxies"]
    assert [(row["name"], row["failed"]) for row in rows] == [("logit_spread", 0), ("flops", 0)]
    assert call("plugins", "list", "--json").json["plugins"][0]["proxies"] == ["logit_spread"]


def test_a_plugin_of_a_proxy_is_found_when_its_name_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(EXAMPLE))
    assert baselines.get("logit_spread").title == "Logit spread"
    assert baselines.names() == [*OURS, "logit_spread"]
    assert spaces.plugin_problems() == []


def test_one_that_fails_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text(EXAMPLE.read_text("utf-8") + "\nraise RuntimeError('no')\n", "utf-8")
    monkeypatch.setenv(VARIABLE, str(bad))
    assert baselines.names() == OURS
    (problem,) = spaces.plugin_problems()
    assert "RuntimeError: no" in problem


def test_one_that_gives_no_number_does_not_pass_the_check(call: Call, tmp_path: Path) -> None:
    bad = tmp_path / "empty.py"
    bad.write_text(
        EXAMPLE.read_text("utf-8").replace("network(images).std(dim=0).mean().item()", "float('nan')"), "utf-8"
    )
    answer = call("plugins", "check", str(bad))
    assert answer.code == 2
    assert "BROKEN  it gives a number: gave nan" in answer.out
