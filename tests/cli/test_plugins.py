"""`plugins` on the command line."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest
import yaml

from eproxy_engine import settings, spaces
from tests.cli.test_cli import Call, call, refused
from tests.registry import EXAMPLE, ROOT, fresh_registry

__all__ = ["call", "fresh_registry"]
pytestmark = pytest.mark.usefixtures("fresh_registry")

GOOD = EXAMPLE.read_text("utf-8")


def kept_in_settings() -> list[str]:
    values = yaml.safe_load(settings.path().read_text("utf-8"))
    assert list(values) == ["plugins"]
    return values["plugins"]


def test_an_added_one_is_listed_and_used_until_it_is_removed(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call("plugins", "list", "--json").json == {"plugins": [], "problems": []}
    monkeypatch.chdir(EXAMPLE.parent)
    answer = call("plugins", "add", EXAMPLE.name, "--json").json
    assert answer == {"plugin": str(EXAMPLE), "spaces": ["plain-convnets"], "proxies": []}
    assert kept_in_settings() == [str(EXAMPLE)]
    monkeypatch.chdir(ROOT)
    (listed,) = call("plugins", "list", "--json").json["plugins"]
    brought = {"spaces": ["plain-convnets"], "proxies": [], "problem": None}
    assert listed == {"source": str(EXAMPLE), "origin": "settings", **brought}
    known = {space["name"]: space for space in call("spaces", "--json").json["spaces"]}
    assert [task["task"] for task in known["plain-convnets"]["tasks"]] == ["patches"]
    described = call("describe", "plain-convnets", "2-2-2/5/batch/relu/full", "--json").json
    assert described["parameters"] == 200_698
    removed = call("plugins", "remove", "docs/examples/plain_convnets.py", "--json").json
    assert removed == {"plugin": str(EXAMPLE), "removed": True}
    assert kept_in_settings() == []
    assert call("plugins", "list", "--json").json["plugins"] == []


def test_for_people(call: Call) -> None:
    assert "nothing yet" in call("plugins", "list").out
    assert "added plain-convnets from " in call("plugins", "add", EXAMPLE).out
    assert str(EXAMPLE) in call("plugins", "list").out.replace("\n", "")
    assert "removed " in call("plugins", "remove", EXAMPLE).out


def test_check_tells_every_promise(call: Call) -> None:
    answer = call("plugins", "check", EXAMPLE, "--json").json
    assert (answer["plugin"], answer["kept"]) == (str(EXAMPLE), True)
    (space,) = answer["spaces"]
    assert space["space"] == "plain-convnets"
    assert len(space["checks"]) >= 16
    assert {(check["result"], check["note"]) for check in space["checks"]} == {("kept", "")}
    lines = call("plugins", "check", EXAMPLE).out.splitlines()
    assert lines[0] == f"plain-convnets ({EXAMPLE})"
    assert [line.split(maxsplit=1) for line in lines[1:]] == [["kept", each["check"]] for each in space["checks"]]
    assert not settings.path().exists()


def test_what_breaks_a_promise_is_told_and_not_added(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "wrong.py"
    path.write_text(GOOD.replace("channels[-1], classes))", "channels[0], classes))"), "utf-8")
    answer = call("plugins", "check", path)
    assert answer.code == 2
    assert "BROKEN  three stage outputs come deepest first: RuntimeError: mat1 and mat2" in answer.out
    assert re.match(
        r"error: 3 of 1[67] promises", answer.errors.splitlines()[-1]
    )  # one more, if torch is not there yet
    added = call("plugins", "add", path)
    refused(added, "wrong.py' is not added: three stage outputs", "plugins check")
    assert not settings.path().exists()


def test_advice_stops_nobody(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "fixed.py"
    path.write_text(
        GOOD.replace("modules, channels = stages(architecture, width)", "modules, channels = stages(architecture, 16)"),
        "utf-8",
    )
    answer = call("plugins", "check", path)
    assert answer.code == 0
    assert "advice  twice the width is twice the channels: at width 16" in answer.out
    assert call("plugins", "add", path).code == 0


@pytest.mark.parametrize("action", ["check", "add"])
@pytest.mark.parametrize(
    ("text", "part"), [("1/0", "ZeroDivisionError"), (GOOD.replace("plain-convnets", "nasbench101"), "'nasbench101'")]
)
def test_what_does_not_load_is_refused(call: Call, tmp_path: Path, action: str, text: str, part: str) -> None:
    path = tmp_path / "bad.py"
    path.write_text(text, "utf-8")
    refused(call("plugins", action, path), str(path), part, "line ")
    refused(call("plugins", action, path, "--json"), part)
    assert not settings.path().exists()


@pytest.mark.parametrize("action", ["check", "add"])
@pytest.mark.parametrize("module", ["no/such.py", "no_such_module", "no such module", ""])
def test_what_is_not_there_is_refused(call: Call, action: str, module: str) -> None:
    refused(call("plugins", action, module))


def test_a_name_that_another_plugin_has_is_refused(call: Call, tmp_path: Path) -> None:
    """But the same plug-in can be checked and added again."""
    call("plugins", "add", EXAMPLE)
    assert call("plugins", "add", EXAMPLE).code == 0
    assert kept_in_settings() == [str(EXAMPLE)]
    copy = tmp_path / "copy.py"
    copy.write_text(GOOD, "utf-8")
    refused(call("plugins", "add", copy), "'plain-convnets' is already registered")


def test_a_module_that_only_this_folder_knows_is_refused(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "only_here.py").write_text(GOOD, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    refused(call("plugins", "add", "only_here"), "'only_here'", "the path of its .py file")
    assert call("plugins", "add", "only_here.py").code == 0


def test_a_broken_one_in_the_settings_is_listed_and_can_be_removed(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "bad.py"
    settings.change(lambda old: settings.Settings((str(path), "no_such_module", str(EXAMPLE))))
    listed = call("plugins", "list", "--json").json
    assert [bool(plugin["problem"]) for plugin in listed["plugins"]] == [True, True, False]
    assert [plugin["problem"] for plugin in listed["plugins"][:2]] == listed["problems"] == spaces.plugin_problems()
    shown = call("plugins", "list").out
    assert [f"problem: {problem}" in shown for problem in listed["problems"]] == [True, True]
    assert call("spaces").code == 0
    for source in (path, "no_such_module"):
        assert call("plugins", "remove", source).code == 0
    assert call("plugins", "list", "--json").json["problems"] == []
    assert kept_in_settings() == [str(EXAMPLE)]


def test_only_what_the_settings_hold_can_be_removed(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(call("plugins", "remove", "x.py"), f"unknown plug-in of the settings {os.getcwd() + '/x.py'!r}", "none yet")
    monkeypatch.setenv("EPROXY_PLUGINS", str(EXAMPLE))
    assert call("plugins", "list", "--json").json["plugins"][0]["origin"] == "environment"
    refused(call("plugins", "remove", EXAMPLE), "none yet")


def test_settings_that_cannot_be_used_are_told(call: Call) -> None:
    settings.path().parent.mkdir(parents=True)
    settings.path().write_text("plugins: 3", "utf-8")
    assert "plugins is 3" in call("plugins", "list").out
    for action in ("add", "remove"):
        refused(call("plugins", action, EXAMPLE), "settings.yaml' cannot be used: plugins is 3")
    assert settings.path().read_text("utf-8") == "plugins: 3"


def test_what_a_plugin_prints_does_not_get_between_the_json(call: Call, tmp_path: Path) -> None:
    """Also in this very process; tests/cli/test_standard_output.py has what it prints by other ways."""
    path = tmp_path / "loud.py"
    parsing = GOOD.replace("        words =", "        print('parsing')\n        words =")
    path.write_text(
        "print('hello')\n" + parsing.replace("        modules,", "        print('building')\n        modules,"), "utf-8"
    )
    few = ("--space", "plain-convnets", "--rule", "space", "--sample", 2, "--images", "noise", "--workers", 1)
    assert call("plugins", "check", path, "--json").json["kept"] is True
    assert call("plugins", "add", path, "--json").json["spaces"] == ["plain-convnets"]
    assert call("plugins", "list", "--json").json["problems"] == []
    assert "plain-convnets" in [each["name"] for each in call("spaces", "--json").json["spaces"]]
    assert call("describe", "plain-convnets", "2-2-2/5/batch/relu/full", "--json").json["parameters"] == 200_698
    found = call("compare", *few, "--batch", 2, "--width", 4, "--proxy", "l2_norm", "--json")
    assert found.json["proxies"][0]["failed"] == 0
    assert "building" in found.errors
    listed = call("runs", "list")
    assert "parsing" not in listed.out
