"""What the launch button's sentence says."""

import pytest

from app.shell.launcher import costing
from app.shell.missing_work import MissingWork


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (MissingWork(10, 0, 0.0, False), "**It**. All computed already, so the result takes a few seconds."),
        (MissingWork(4000, 2000, 200.0, False), "**It**: 2,000 evaluations, about **3 min** on an idle machine."),
        (MissingWork(0, 0, 8.0, True), "**It**: at most **8 s** on an idle machine."),
    ],
)
def test_a_sentence_tells_what_is_left(work: MissingWork, said: str) -> None:
    assert costing("**It**", work) == said
