"""Which features the best fifth shares: counts, shares, differences and the finding."""

import numpy as np
import pytest

from app.proxy_search.charts.features import features_data, features_figure
from eproxy_engine.proxy import Branch, Configuration
from eproxy_engine.proxy.choices import FEATURES
from eproxy_engine.search.proxy_search.search import Trial
from tests.app.proxy_search.charts.made_trials import cut_short, one_branch, random_trials, trial


def searched() -> list[Trial]:
    """Four of twenty are good: they have dots before the 2nd downsampling, all have waves in the deepest."""
    good = Configuration((Branch(), Branch("before_second", ("net", "dot"))))
    return [trial(0.9 if i < 4 else 0.1, good if i < 4 else Configuration()) for i in range(20)]


def test_shares_and_differences() -> None:
    data = features_data(searched())
    assert (data.best_count, data.all_count) == (4, 20)
    assert data.columns == ["deepest", "before 2nd", "before 1st"]
    row = {name.split(" (")[0]: i for i, name in enumerate(data.rows)}
    assert data.share[row["any"]].tolist() == [100, 100, 0]
    assert data.share[row["wave high"]].tolist() == [100, 0, 0]
    assert data.difference[row["dot"]].tolist() == [0, 80, 0]
    assert data.everyone[row["net"]].tolist() == [0, 4, 0]


@pytest.mark.parametrize("feature", FEATURES)
def test_each_feature_is_in_its_own_row(feature: str) -> None:
    data = features_data([trial(0.5, one_branch(features=(feature,)))])
    assert data.best.sum() == 2
    assert data.best[1 + FEATURES.index(feature), 0] == 1


def test_title_states_the_largest_difference() -> None:
    title = features_data(searched()).title
    assert title == "The branch before 2nd: 100% of the best fifth, 20% of all"
    waves = [trial(0.9 - i / 50, one_branch(features=("net",) if i < 10 else ("wave_low",))) for i in range(20)]
    assert features_data(waves).title == "net in the deepest branch: 100% of the best fifth, 50% of all"


def test_few_trials_claim_nothing() -> None:
    assert features_data(searched()[:3]).title == "Features of the best 1 of 3 configurations"


def test_figure_has_both_heat_maps_with_numbers_and_counts() -> None:
    share, difference = features_figure(features_data(searched())).data
    assert (share.zmin, share.zmax) == (0, 100)
    assert (difference.zmin, difference.zmax) == (-80, 80)
    assert list(share.text[0]) == ["100", "100", "0"]
    assert list(difference.text[5]) == ["0", "+80", "0"]
    np.testing.assert_array_equal(share.customdata[5][1], [4, 4])


def test_a_falling_share_has_a_true_minus_sign() -> None:
    waves = [trial(0.9 - i / 50, one_branch(features=("net",) if i < 10 else ("wave_low",))) for i in range(20)]
    _, difference = features_figure(features_data(waves)).data
    assert difference.text[2][0] == "−50"


def test_no_trial_in_full_is_said() -> None:
    for trials in ([], [cut_short(0.3)] * 30):
        figure = features_figure(features_data(trials))
        assert figure.layout.annotations[0].text == "no trial evaluated in full yet"


def test_without_any_difference_the_colours_have_a_range() -> None:
    data = features_data(random_trials(1, lambda *_: 0.5))
    assert features_figure(data).data[1].zmax == 1
