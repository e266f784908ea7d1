"""What the lesson works out, and the sentences it makes of it."""

import math

import numpy as np
import pandas as pd
import pytest

from app.lesson import findings, numbers, rates, telling, walk
from app.lesson.steps import STEPS
from app.lesson.typical import typical_places
from tests.app.lesson import made_lesson as made

MOST_WORDS = 80


def of(accuracy) -> pd.DataFrame:  # type: ignore[no-untyped-def]
    return pd.DataFrame({"architecture": [f"a{i}" for i in range(len(accuracy))], "accuracy": accuracy})


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        (1.0, 0.97, "the bad one is 3% lower: the wrong way round"),
        (0.97, 1.0, "the good one is 3% lower, as it should be"),
        (0.99, 1.0, "the two are within 2% of each other: they overlap"),
        (0.0, 0.0, "the two are within 2% of each other: they overlap"),
        (math.inf, 1.0, "the good one has diverged, which ranks it last: the wrong way round"),
        (math.inf, math.inf, "both have diverged: nothing tells them apart"),
    ],
)
def test_how_two_losses_lie_to_each_other(good: float, bad: float, said: str) -> None:
    assert findings.apart(good, bad) == said


def test_rows_are_paired_by_their_architecture() -> None:
    """In whatever order they come, and without those that only one side has."""
    accuracy = np.arange(8.0)
    one = pd.DataFrame({"architecture": list("abcdefgh"), "accuracy": accuracy, "score": accuracy})
    other = one.assign(score=-accuracy).iloc[::-1].head(7)
    found = numbers.paired(one, other)
    assert (found.first, found.second, found.n) == (1.0, -1.0, 7)
    assert found.beyond_chance


def test_the_typical_pair_lies_between_the_extremes_and_in_the_middle_of_its_kind() -> None:
    """Of a hundred, five around each percentile: the pair whose losses lie as far apart as the median pair's."""
    accuracy = np.arange(100.0)[::-1]
    losses = np.full(100, 10.0)
    losses[15:25] = [1, 1, 1, 1, 2, 2, 4, 4, 4, 4]
    found = {typical_places(accuracy, [np.where(np.arange(100) == i, np.inf, losses)])[0] for i in (19, 20)}
    assert found == {20, 21}  # the one of the two in the middle that has not diverged


def test_a_divergence_ranks_last_from_there_on() -> None:
    scores = numbers.scores_by_iteration([[1.0, math.inf, 0.5], [2.0, 1.0, 0.25]], 3)
    np.testing.assert_array_equal(scores, [[-1, -math.inf, -math.inf], [-2, -1, -0.25]])
    given = rates.Scores(scores, of([1.0, 2.0]))
    assert [given.diverged(i) for i in (1, 2, 9)] == [0, 1, 1]
    assert [given.estimate(i).value for i in (1, 3)] == [-1.0, 1.0]
    assert math.isnan(given.estimate(4).value)
    assert math.isnan(given.ahead_of(given, 4).value)
    assert given.ahead_of(given, 3).value == 0


def test_pairs_of_equal_accuracy_do_not_count_and_ties_count_half() -> None:
    assert numbers.right_order(np.array([3.0, 1.0, 1.0]), np.array([20.0, 10.0, 10.0])) == 1.0
    assert numbers.right_order(np.array([1.0, 1.0]), np.array([20.0, 10.0])) == 0.5
    assert math.isnan(numbers.right_order(np.array([1.0, 2.0]), np.array([10.0, 10.0])))


def test_every_iteration_has_its_rho_and_some_their_interval() -> None:
    accuracy = np.arange(6.0)
    scores = np.stack([accuracy, -accuracy, accuracy], axis=1)
    line = rates.line_of(False, rates.Scores(scores, of(accuracy)))
    assert line.rho.tolist() == [1, -1, 1]
    assert line.band_iterations.tolist() == [1, 2, 3]
    assert line.low.tolist() == line.high.tolist() == [1, -1, 1]


def test_the_pair_is_counted_from_both_ends() -> None:
    rows = walk.ranked(made.swept(True))
    assert rows["accuracy"].is_monotonic_decreasing
    assert len(rows) == made.COUNT


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.TITLE)
def test_a_step_is_short_and_asks_the_class(step) -> None:  # type: ignore[no-untyped-def]
    given = telling.words(step.__name__.rpartition(".")[2])
    assert 20 <= len(given.introduction.split()) <= MOST_WORDS
    questions = [title for title, answer in given.folds if title.endswith("?") and answer]
    assert len(questions) >= 2
