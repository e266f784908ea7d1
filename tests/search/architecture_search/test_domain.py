"""Where a search may go, and what is refused."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from eproxy_engine import benchmarks, spaces
from eproxy_engine.errors import UserError
from eproxy_engine.search.architecture_search.constraints import Constraints
from eproxy_engine.search.architecture_search.domain import Domain
from eproxy_engine.search.architecture_search.nearest import Measured
from eproxy_engine.search.architecture_search.settings import ArchitectureSearchSettings
from eproxy_engine.spaces import Architecture, SearchSpace
from eproxy_engine.spaces.nasbench201.space import Cell

RNG = np.random.default_rng


def test_all_neighbours_of_a_cell_are_found() -> None:
    """Six edges with four other operations each."""
    domain = Domain("nasbench201", "cifar10", True)
    architecture = domain.sample(RNG(1))
    found = list(domain.neighbours(architecture, RNG(2)))
    assert len(found) == len(set(found)) == 24
    assert architecture not in found


def test_neighbours_come_in_another_order_with_another_seed() -> None:
    domain = Domain("nasbench201", "cifar10", True)
    architecture = domain.sample(RNG(1))
    first, second = (list(domain.neighbours(architecture, RNG(seed))) for seed in (1, 2))
    assert first != second
    assert set(first) == set(second)


def test_a_mutation_leads_from_measured_to_measured() -> None:
    domain = Domain("nasbench101", "cifar10-valid", True)
    architecture = domain.sample(RNG(1))
    for _ in range(5):
        architecture = domain.mutate(architecture, RNG(3))
        assert str(architecture) in domain.accuracies


def few(count: int) -> Domain:
    """NAS-Bench-201 as if only so many architectures were measured."""
    domain = Domain("nasbench201", "cifar10", True)
    accuracies = domain.accuracies
    drawn = RNG(0).choice(sorted(accuracies), count, replace=False).tolist()
    domain.__dict__["accuracies"] = domain.__dict__["known"] = {text: accuracies[text] for text in drawn}
    return domain


def edits(first: Architecture, second: Architecture) -> int:
    assert isinstance(first, Cell)
    assert isinstance(second, Cell)
    return sum(a != b for a, b in zip(first.operations, second.operations, strict=True))


def test_a_mutant_that_is_not_measured_is_replaced_by_the_nearest_one() -> None:
    domain, rng = few(500), RNG(1)
    moves = [(start, domain.move(start, rng)) for start in (domain.sample(rng) for _ in range(200))]
    assert all(str(move.architecture) in domain.accuracies and move.architecture != start for start, move in moves)
    jumps = [edits(start, move.architecture) for start, move in moves if move.jumped]
    assert {edits(start, move.architecture) for start, move in moves if not move.jumped} == {1}
    assert len(jumps) > 150
    by_chance = np.mean([edits(domain.sample(rng), domain.sample(rng)) for _ in range(200)])
    assert np.mean(jumps) < by_chance - 1.5


def test_where_all_are_measured_nothing_jumps() -> None:
    domain, rng = Domain("nasbench201", "cifar10", True), RNG(1)
    start = domain.sample(rng)
    assert not any(domain.move(start, rng).jumped for _ in range(50))
    assert not any(move.jumped for move in domain.moves(start, rng))


def test_as_many_neighbours_as_if_all_were_measured_the_nearest_in_order() -> None:
    domain, start = few(500), Domain("nasbench201", "cifar10", True).sample(RNG(1))
    moves = list(domain.moves(start, RNG(2)))
    found = [move.architecture for move in moves if move.jumped]
    assert len(set(moves)) == 24
    assert len(found) >= 20
    texts = tuple(domain.accuracies)
    nearest = list(islice(Measured("nasbench201", texts).around(start, RNG(3)), 24))
    assert len({str(each) for each in found} & set(nearest)) >= 18


def test_a_jump_keeps_the_constraints() -> None:
    domain, rng = Domain("nasbench101", "imagenet", True, Constraints(max_flops=2_000_000_000, max_depth=4)), RNG(1)
    for _ in range(20):
        move = domain.move(domain.sample(rng), rng)
        assert str(move.architecture) in domain.accuracies
        assert domain.size(move.architecture).flops <= 2_000_000_000
        assert domain.family.depth(move.architecture) <= 4


def test_where_there_is_a_single_one_to_go_to_it_says_what_is_possible() -> None:
    domain = few(1)
    with pytest.raises(UserError, match=r"none of .* is measured .*accepted: a strategy without mutations"):
        domain.mutate(domain.sample(RNG(1)), RNG(1))


@pytest.mark.parametrize("measured", [True, False])
def test_constraints_that_nothing_keeps_are_told(measured: bool) -> None:
    domain = Domain("nasbench201", "cifar10", measured, Constraints(min_parameters=10**9))
    with pytest.raises(UserError, match="satisfies parameters from 1,000,000,000; accepted: wider limits"):
        domain.sample(RNG(1))


def test_sizes_are_the_table_s_where_it_has_them_and_counted_where_not() -> None:
    domain = Domain("darts", "imagenet", False)
    family = spaces.get("darts")
    architecture = domain.sample(RNG(1))
    assert domain.size(architecture) == (family.counts(architecture).parameters, family.counts(architecture).flops)
    row = benchmarks.known("nasbench201", "cifar10").iloc[77]
    size = Domain("nasbench201", "cifar10", True).size(spaces.get("nasbench201").parse(row["architecture"]))
    assert size == (row["parameters"], row["flops"])


@pytest.mark.parametrize(
    ("space", "text", "depth"),
    [
        ("nasbench201", "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|nor_conv_1x1~2|", 3),
        ("nds-cifar10-resnet", "d6w80|d12w256|d1w24", 19),
        ("nds-imagenet-darts", None, None),
    ],
)
def test_depth_counts_cells_blocks_or_the_longest_path(space: str, text: str | None, depth: int | None) -> None:
    family = spaces.get(space)
    architecture = family.sample(RNG(1)) if text is None else family.parse(text)
    expected = int(str(architecture).split("w")[0].removeprefix("d")) if depth is None else depth
    assert family.depth(architecture) == expected


def test_constraints_round_trip_and_name_what_they_bound() -> None:
    limits = Constraints(min_flops=500_000_000, max_flops=600_000_000, max_depth=14)
    assert Constraints.from_dict(limits.as_dict()) == limits
    assert str(limits) == "flops 500,000,000 to 600,000,000, depth up to 14"
    assert limits.as_dict() == {"min_flops": 500_000_000, "max_flops": 600_000_000, "max_depth": 14}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"max_flops": -1}, "max_flops is -1; accepted: a whole number from 0 on, or none"),
        ({"min_depth": 2.5}, "min_depth is 2.5"),
        ({"min_depth": True}, "min_depth is True"),
        ({"min_flops": 2, "max_flops": 1}, "min_flops is 2, max_flops 1; accepted: the first no larger"),
    ],
)
def test_constraints_that_make_no_sense_are_refused(values: dict[str, int], message: str) -> None:
    with pytest.raises(UserError, match=message):
        Constraints(**values)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"strategy": "bayes"}, "unknown strategy 'bayes'; accepted: bayesian, random, evolution"),
        ({"queries": -1}, "queries is -1; accepted: a whole number from 0 to 1,000,000"),
        ({"population": 1}, "population is 1; accepted: a whole number from 2 to 1000"),
        ({"strategy": "evolution", "measured": False}, "evolution needs accuracies; accepted: measured architectures"),
        ({"strategy": "local", "queries": 0}, "0 queries of local, which goes by accuracies; accepted: 1 or more"),
        ({"strategy": "seeded-evolution", "pool": 10}, "a pool of 10 for a population of 40; accepted: no fewer"),
        ({"stop_at_optimum": 1}, "stop_at_optimum is 1; accepted: on, off"),
    ],
)
def test_settings_that_make_no_sense_are_refused(values: dict[str, object], message: str) -> None:
    with pytest.raises(UserError, match=message):
        ArchitectureSearchSettings(**values)  # type: ignore[arg-type]


def test_settings_round_trip() -> None:
    given = ArchitectureSearchSettings("seeded-evolution", 100, constraints=Constraints(max_depth=5))
    assert ArchitectureSearchSettings.from_dict(given.as_dict()) == given
    with pytest.raises(UserError, match="querys"):
        ArchitectureSearchSettings.from_dict({"querys": 3})


@pytest.mark.parametrize("space", ["nasbench101", "nasbench201", "transnas101-micro"])
def test_depth_by_counting_is_that_of_the_drawing(space: str) -> None:
    family, rng = spaces.get(space), RNG(5)
    for _ in range(30):
        architecture = family.sample(rng)
        assert family.depth(architecture) == SearchSpace.depth(family, architecture)


def test_where_constraints_forbid_all_around_several_mutations_lead_on() -> None:
    """All are measured; two are allowed, which differ in two operations."""
    domain = Domain("nasbench201", "cifar10", True)
    allowed = [f"|{first}~0|+|none~0|{first}~1|+|none~0|none~1|skip_connect~2|" for first in ("none", "nor_conv_1x1")]
    domain.__dict__["accuracies"] = {text: domain.known[text] for text in allowed}
    start = domain.family.parse(allowed[0])
    assert list(domain.neighbours(start, RNG(1))) == []
    move = domain.move(start, RNG(1))
    assert (str(move.architecture), move.jumped) == (allowed[1], False)
