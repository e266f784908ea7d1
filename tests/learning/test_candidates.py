"""What becomes of scores that failed, are unknown or do not vary."""

from __future__ import annotations

import math

import numpy as np
import pytest

from eproxy_engine.errors import UserError
from eproxy_engine.learning.candidates import candidates_of
from eproxy_engine.learning.models import MODELS
from tests.learning.made_up import AZ_NAS, frames


def test_a_failed_score_is_the_lowest_whether_it_is_unknown_or_minus_infinity() -> None:
    scores, descriptors = frames(20)
    column = scores["flops"].to_numpy(copy=True)
    found = []
    for failure in (math.nan, -math.inf, column.min() - 1):
        column[[4, 9]] = failure
        found.append(candidates_of(scores.assign(flops=column), descriptors, AZ_NAS))
    assert found[0].scores.tolist() == found[1].scores.tolist() == found[2].scores.tolist()
    assert found[0].prior.tolist() == found[1].prior.tolist() == found[2].prior.tolist()
    lowest = found[0].scores[:, found[0].score_names.index("flops")]
    assert lowest[4] == lowest[9] == lowest.min()
    assert (np.delete(lowest, [4, 9]) > lowest[4]).all()


@pytest.mark.parametrize("failure", [math.nan, -math.inf])
@pytest.mark.parametrize("name", MODELS)
def test_an_architecture_all_of_whose_scores_failed_is_counted_and_still_ranked(name: str, failure: float) -> None:
    scores, descriptors = frames(20)
    scores.iloc[[3, 8]] = failure
    every = candidates_of(scores, descriptors, AZ_NAS)
    assert every.failed == (3, 8)
    found = MODELS[name].fit(every, np.arange(6), np.arange(6.0))
    assert np.isfinite(found.mean).all()


@pytest.mark.parametrize("value", [7.0, 0.0, -math.inf, math.nan])
def test_a_constant_score_is_left_out_and_named(value: float) -> None:
    scores, descriptors = frames(20)
    every = candidates_of(scores.assign(same=value), descriptors.assign(same=1.0))
    assert every.constant_scores == ("same",)
    assert every.score_names == tuple(scores.columns)
    assert every.scores.tolist() == candidates_of(scores, descriptors).scores.tolist()
    assert every.descriptors.shape == (20, 3)
    assert every.failed == ()


def test_what_is_no_problem_is_told_in_one_line() -> None:
    scores, descriptors = frames(20)
    with pytest.raises(UserError, match=r"^1 candidates; accepted: 2 or more$"):
        candidates_of(scores[:1], descriptors[:1])
    with pytest.raises(UserError, match="all scores and descriptors are equal for all candidates; accepted: at least"):
        candidates_of(scores * 0, descriptors * 0)
    assert candidates_of(scores * 0, descriptors).score_names == ()


@pytest.mark.parametrize("name", MODELS)
def test_a_model_ranks_candidates_none_of_whose_scores_varies(name: str) -> None:
    scores, descriptors = frames(20)
    found = MODELS[name].fit(candidates_of(scores * 0, descriptors), np.arange(6), np.arange(6.0))
    assert np.isfinite(found.mean).all()
