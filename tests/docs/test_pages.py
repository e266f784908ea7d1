"""The pages of the documentation: links lead somewhere, all are in the navigation, and commands exist as written.

`make docs` builds the site and checks more; these tests need nothing but the files.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from packaging.requirements import Requirement

from eproxy_engine import baselines
from eproxy_engine.cli import group
from eproxy_engine.search.architecture_search.settings import STRATEGIES
from tests.packaging.pins import PROJECT
from tests.registry import ROOT

DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.rglob("*.md")), *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"))]
FENCED = re.compile(r"^( *)```.*?^\1```", re.DOTALL | re.MULTILINE)
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
SMALLER = {
    '100, settings={"learning_rate": 0.5}': '2, settings={"width": 4, "iterations": 1}, workers=1, progress=False',
    '50, ["flops", "naswot", "az_nas"]': '5, ["flops", "parameters"], progress=False',
}
"""What makes the examples of the guides quick."""
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


class Configuration(yaml.SafeLoader):
    """mkdocs.yml names functions of Python, which this leaves alone."""


Configuration.add_multi_constructor("tag:yaml.org,2002:python/name:", lambda loader, suffix, node: suffix)


def configured() -> dict[str, Any]:
    read: dict[str, Any] = yaml.load((ROOT / "mkdocs.yml").read_text("utf-8"), Configuration)
    return read


def navigated(entries: list[Any]) -> Iterator[str]:
    """The files that a navigation names."""
    for entry in entries:
        for target in entry.values():
            yield from navigated(target) if isinstance(target, list) else [target]


def anchors(page: Path) -> set[str]:
    """What the headings of a page are called in links."""
    headings = re.findall(r"^#+ (.*)$", FENCED.sub("", page.read_text("utf-8")), re.MULTILINE)
    words = (re.sub(r"[^\w\s-]", "", heading.lower()).strip() for heading in headings)
    return {re.sub(r"\s", "-", each) for each in words}


def broken(page: Path) -> Iterator[str]:
    """The links of a page to files and headings that are not there."""
    text = re.sub(r"`[^`\n]*`", "", FENCED.sub("", page.read_text("utf-8")))
    for link in LINK.findall(text):
        if link.startswith(("https://", "http://127.0.0.1")):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    assert list(broken(page)) == []


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A title\n[here](#a-title) [there](nowhere.md) [deep](page.md#nothing) `[no](link)`", "utf-8")
    assert list(broken(page)) == ["nowhere.md", "page.md#nothing"]


def test_every_page_is_in_the_navigation_once() -> None:
    pages = [page for kind in ("*.md", "*.ipynb") for page in DOCS.rglob(kind)]
    assert sorted(navigated(configured()["nav"])) == sorted(str(page.relative_to(DOCS)) for page in pages)


def commands(page: Path) -> Iterator[list[str]]:
    """The words of each command of Eproxy Studio that a page shows in a block."""
    for block in FENCED.finditer(page.read_text("utf-8")):
        for line in block[0].splitlines():
            if line.startswith("eproxy "):
                yield shlex.split(line, comments=True)[1:]


def unknown(words: list[str]) -> set[str]:
    """The parts of a command, and its options, that do not exist."""
    command: click.Command = group
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), words[0])
        if found is None:
            return {words[0]}
        command, words = found, words[1:]
    known = {option for parameter in command.params for option in parameter.opts}
    return {word for word in words if word.startswith("--")} - known


@pytest.mark.parametrize("page", [page for page in PAGES if any(commands(page))], ids=lambda page: page.stem)
def test_commands_exist_with_the_options_that_are_shown(page: Path) -> None:
    assert {shlex.join(words): unknown(words) for words in commands(page) if unknown(words)} == {}


def test_a_command_that_is_not_there_is_found() -> None:
    assert unknown(["runs", "nothing"]) == {"nothing"}
    assert unknown(["evaluate", "--space", "nasbench201", "--nothing", "1"]) == {"--nothing"}


def test_the_python_of_the_guides_runs(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = [block for page in DOCS.glob("guides/*.md") for block in PYTHON.findall(page.read_text("utf-8"))]
    assert len(blocks) == 2
    for block in blocks:
        for shown, quick in SMALLER.items():
            block = block.replace(shown, quick)
        exec(compile(block, "guide", "exec"), {})
    assert "n = 2" in capsys.readouterr().out


def test_the_guides_name_every_strategy_and_every_proxy() -> None:
    strategies = (DOCS / "guides" / "architecture-search.md").read_text("utf-8")
    proxies = (DOCS / "guides" / "proxies.md").read_text("utf-8")
    assert {name for name in STRATEGIES if f"`{name}`" not in strategies} == set()
    assert {name for name in baselines.names() if f"`{name}`" not in proxies} == set()


def test_pins_of_the_site_lie_in_their_ranges() -> None:
    lines = (ROOT / "requirements-docs.txt").read_text("utf-8").splitlines()
    pins = {each.name: str(each.specifier).removeprefix("==") for each in map(Requirement, lines)}
    ranges = [Requirement(each) for each in PROJECT["optional-dependencies"]["docs"]]
    assert set(pins) == {each.name for each in ranges}
    assert {each.name for each in ranges if not each.specifier.contains(pins[each.name])} == set()
