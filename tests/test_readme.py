"""The README is short, its examples run as they stand, and its picture is small."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
SMALL = {"labels=20": 'labels=10, candidates=40, panel="instant", draws=2, progress=False'}
"""What makes an example quick."""


def test_the_examples_run(capsys: pytest.CaptureFixture[str]) -> None:
    examples = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        for shown, quick in SMALL.items():
            example = example.replace(shown, quick)
        exec(compile(example, "README.md", "exec"), {})
    ranking, _, *scores = capsys.readouterr().out.splitlines()
    assert re.match(r"ρ = 0\.\d\d ± 0\.\d\d by 10 labels, n = 30, 2 draws", ranking)
    assert any(line.startswith("mine ") for line in scores)


def test_it_is_short() -> None:
    assert len(README.splitlines()) <= 120


def test_its_moving_picture_is_small() -> None:
    (picture,) = re.findall(r"!\[[^\]]*\]\(([^)]*)\)", README)
    assert (ROOT / picture).stat().st_size < 3e6
