"""What a project says of itself agrees: version, licence, citation, and links that lead somewhere."""

from __future__ import annotations

import re

import pytest
import yaml

from eproxy_engine import __version__
from tests.packaging.pins import PROJECT
from tests.registry import ROOT


def test_the_newest_entry_of_the_changelog_is_this_version() -> None:
    assert re.findall(r"^## \[([^]]+)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)[0] == __version__


def test_the_citation_is_of_the_paper_under_the_licence() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert "2210.09459" in citation["preferred-citation"]["url"]
    assert citation["license"] == PROJECT["license"] == "MIT"
    assert (ROOT / "LICENSE").read_text("utf-8").startswith("MIT License")


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"])
def test_links_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)", (ROOT / name).read_text("utf-8")):
        assert target.startswith("https://") or (ROOT / target).exists(), target
