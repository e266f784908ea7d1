"""Samples of architectures: from the tables, and from whole spaces."""

import numpy as np
import pytest

from eproxy_engine import benchmarks, spaces
from eproxy_engine.errors import UserError
from eproxy_engine.sampling import ANYWHERE, FAMOUS, RULES, Sample
from eproxy_engine.spaces import famous

TWENTY = "paper-dps-20"
CASES = [("nasbench101", "cifar10"), ("nasbench101", "imagenet"), ("nasbench201", "cifar100")]
every_case = pytest.mark.parametrize(("space", "task"), CASES)


@every_case
@pytest.mark.parametrize("seed", [0, 1, 7])
def test_random_samples_are_nested_and_repeatable(space: str, task: str, seed: int) -> None:
    larger = Sample(size=100, seed=seed).draw(space, task)
    assert larger.equals(Sample(size=100, seed=seed).draw(space, task))
    assert larger[:30].equals(Sample(size=30, seed=seed).draw(space, task))
    assert larger["architecture"].is_unique
    other = Sample(size=100, seed=seed + 1).draw(space, task)
    assert set(other["architecture"]) != set(larger["architecture"])


def test_random_samples_look_like_the_whole_table() -> None:
    rows = benchmarks.known("nasbench201", "cifar100")["accuracy"]
    drawn = Sample(size=1000).draw("nasbench201", "cifar100")["accuracy"]
    assert abs(drawn.mean() - rows.mean()) < 4 * rows.std() / 1000**0.5


@pytest.mark.parametrize("rule", ["random", "best", "worst", "spread"])
def test_a_marked_subset_is_never_drawn_with_the_others(rule: str) -> None:
    twenty = set(Sample(rule=TWENTY).draw("nasbench101", "cifar10")["architecture"])
    everything_else = Sample(rule=rule, size=2500).draw("nasbench101", "cifar10")
    assert len(twenty) == 20
    assert everything_else["architecture"].nunique() == 2500
    assert not twenty & set(everything_else["architecture"])


@every_case
def test_best_and_worst_are_the_ends_of_the_ranking(space: str, task: str) -> None:
    rows = benchmarks.known(space, task)
    ranking = np.sort(rows[~rows.filter(like="in:").any(axis=1)]["accuracy"])
    assert Sample(rule="best", size=25).draw(space, task)["accuracy"].tolist() == ranking[::-1][:25].tolist()
    assert Sample(rule="worst", size=25).draw(space, task)["accuracy"].tolist() == ranking[:25].tolist()


@every_case
@pytest.mark.parametrize("size", [2, 7, 100, 480])
def test_spread_goes_evenly_from_worst_to_best(space: str, task: str, size: int) -> None:
    total = len(benchmarks.known(space, task)) - (20 if task == "cifar10" else 0)
    ranking = Sample(rule="worst", size=total).draw(space, task)["architecture"].tolist()
    spread = Sample(rule="spread", size=size).draw(space, task)["architecture"]
    places = [ranking.index(architecture) for architecture in spread]
    assert (places[0], places[-1]) == (0, total - 1)
    assert np.ptp(np.diff(places)) <= 1
    assert min(np.diff(places)) >= 1


def test_picked_keeps_the_order_given() -> None:
    rows = benchmarks.known("nasbench101", "cifar10").set_index("architecture")
    twenty = rows.index[rows[f"in:{TWENTY}"]]
    picked = (rows.index[5], rows.index[2], twenty[0], rows.index[9])
    drawn = Sample(rule="picked", picked=picked).draw("nasbench101", "cifar10")
    assert tuple(drawn["architecture"]) == picked
    assert drawn["accuracy"].tolist() == rows.loc[list(picked), "accuracy"].tolist()
    twice = Sample(rule="picked", picked=(*picked, picked[0])).draw("nasbench101", "cifar10")
    assert tuple(twice["architecture"]) == picked


def test_a_picked_sample_has_the_size_of_what_is_picked() -> None:
    picked = tuple(benchmarks.known("nasbench201", "cifar10")["architecture"][:2])
    assert Sample("picked", picked=picked) == Sample("picked", 2, picked=picked)


def test_picked_takes_every_architecture_and_says_which_are_not_measured() -> None:
    table = benchmarks.load("nasbench101")
    elsewhere = table.loc[table["imagenet"].isna(), "architecture"].iloc[0]
    measured = table.loc[table["imagenet"].notna(), "architecture"].iloc[0]
    drawn = Sample(rule="picked", picked=(elsewhere, measured)).draw("nasbench101", "imagenet")
    assert drawn["architecture"].tolist() == [elsewhere, measured]
    assert drawn["accuracy"].isna().tolist() == [True, False]


def test_picked_refuses_what_is_not_an_architecture() -> None:
    with pytest.raises(UserError, match="'nonsense'"):
        Sample(rule="picked", picked=("nonsense",)).draw("nasbench101", "imagenet")
    with pytest.raises(UserError, match="no architecture is picked"):
        Sample(rule="picked").draw("nasbench101", "imagenet")


def test_a_subset_by_name_is_drawn_whole() -> None:
    drawn = Sample(rule=TWENTY, size=3).draw("nasbench101", "cifar10")
    assert len(drawn) == 20
    assert drawn[f"in:{TWENTY}"].all()


@pytest.mark.parametrize(
    ("space", "task", "most"),
    [("nasbench101", "cifar10", 2500), ("nasbench101", "imagenet", 500), ("nasbench201", "cifar10", 15_625)],
)
def test_a_size_outside_the_table_is_refused_with_its_size(space: str, task: str, most: int) -> None:
    for rule in ("random", "best", "worst", "spread"):
        assert len(Sample(rule=rule, size=most).draw(space, task)) == most
        for size in (most + 1, 0, -1):
            with pytest.raises(UserError, match=rf"sample of {size} .* 1 to {most}\b"):
                Sample(rule=rule, size=size).draw(space, task)


def test_an_unknown_rule_lists_the_known() -> None:
    with pytest.raises(UserError, match="'astrology'") as caught:
        Sample(rule="astrology").draw("nasbench101", "cifar10")
    assert all(rule in str(caught.value) for rule in RULES)
    with pytest.raises(UserError, match=f"'{TWENTY}'"):
        Sample(rule=TWENTY).draw("nasbench201", "cifar10")


def test_a_sample_leaves_the_table_as_it_was() -> None:
    before = benchmarks.load("nasbench101").copy()
    for rule in ("random", "best", "spread", TWENTY):
        drawn = Sample(rule=rule, size=10).draw("nasbench101", "cifar10")
        drawn["accuracy"] = 0
    assert benchmarks.load("nasbench101").equals(before)


# from the whole space


def test_the_whole_space_gives_different_architectures_nested_and_repeatable() -> None:
    larger = Sample(ANYWHERE, 40, seed=3).draw("nasbench201", "cifar10")
    assert larger["architecture"].is_unique
    assert larger[:15].equals(Sample(ANYWHERE, 15, seed=3).draw("nasbench201", "cifar10"))
    other = Sample(ANYWHERE, 40, seed=4).draw("nasbench201", "cifar10")
    assert set(larger["architecture"]) != set(other["architecture"])


def test_accuracies_are_there_where_the_table_knows_them_and_counts_everywhere() -> None:
    drawn = Sample(ANYWHERE, 20).draw("nasbench101", "cifar10-valid")
    table = benchmarks.load("nasbench101").set_index("architecture")
    measured = drawn["architecture"].isin(table.index[table["cifar10-valid"].notna()])
    assert 0 < measured.sum() < 20
    assert drawn["accuracy"].notna().tolist() == measured.tolist()
    assert drawn["in:paper-dps-20"].dtype == bool
    for row in drawn.itertuples():
        complexity = spaces.get("nasbench101").complexity(spaces.get("nasbench101").parse(row.architecture))
        assert (row.parameters, row.flops) == (complexity.parameters, complexity.flops)


@pytest.mark.parametrize("size", [0, -3])
def test_a_size_below_one_is_refused(size: int) -> None:
    with pytest.raises(UserError, match=rf"sample of {size} "):
        Sample(ANYWHERE, size).draw("nasbench201", "cifar10")


def test_the_default_sample_is_of_what_can_be_judged() -> None:
    assert Sample.default("nasbench201", "cifar10") == Sample("random", 200)
    assert Sample.default("nasbench101", "imagenet", 1000) == Sample("random", 500)


# famous networks


def test_famous_networks_come_before_random_ones_that_other_rules_draw_as_well() -> None:
    networks = list(famous.in_space("darts"))
    alone = Sample(FAMOUS, 0).draw("darts", "imagenet")["architecture"].tolist()
    together = Sample(FAMOUS, 3, seed=2).draw("darts", "imagenet")["architecture"].tolist()
    assert alone == networks
    assert together == [*networks, *Sample(ANYWHERE, 3, seed=2).draw("darts", "imagenet")["architecture"]]


def test_where_accuracies_are_known_the_others_have_one() -> None:
    drawn = Sample(FAMOUS, 5).draw("nds-imagenet-darts", "imagenet")
    assert drawn["accuracy"].notna().sum() == 5
    assert drawn["flops"].gt(0).all()
    with pytest.raises(UserError, match=r"sample of 122 .* 1 to 121\b"):
        Sample(FAMOUS, 122).draw("nds-imagenet-darts", "imagenet")


def test_a_space_without_famous_networks_names_those_that_have_some() -> None:
    with pytest.raises(UserError, match="no famous network of nasbench201 is known; accepted: darts"):
        Sample(FAMOUS, 5).draw("nasbench201", "cifar10")
