"""What the launch button's sentence says."""

import pytest

from app.shell.launcher import costing
from app.shell.missing_work import MissingWork
from eproxy_engine.runs.executors import cores


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (MissingWork(10, 0, 0.0, False), "**It**. Already computed; results load immediately."),
        (MissingWork(4000, 2000, 200.0, False), f"**It**: 2,000 evaluations, about **3 min** on {cores()} cores."),
        (MissingWork(0, 0, 8.0, True), f"**It**: at most **8 s** on {cores()} cores."),
    ],
)
def test_a_sentence_tells_what_is_left(work: MissingWork, said: str) -> None:
    assert costing("**It**", work) == said
