"""Tests of pages put back what they change of the process."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """AppTest leaves a page as the process's main module, which every process spawned later would run again."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before
