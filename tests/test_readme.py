"""The README's example runs as it stands, and what it shows and links to is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


def test_the_library_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    example = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert example
    small = example[1].replace("size=20", "size=3").replace('"learning_rate", "0.5"', '"width", "4"')
    exec(compile(small, "README.md", "exec"), {})
    assert re.match(r"Estimate\(value=-?[01]\.\d+, low=nan, high=nan\)", capsys.readouterr().out)


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("https://") or (Path(__file__).parents[1] / target).exists(), target
