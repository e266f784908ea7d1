"""Spaces of cells: samples, mutants, drawings and the limits of the open space."""

from collections import Counter

import networkx as nx
import numpy as np
import pytest

from eproxy_engine import benchmarks, spaces
from eproxy_engine.spaces.cells.arithmetic import Counts, network_counts
from eproxy_engine.spaces.cells.darts import DARTSOpen
from eproxy_engine.spaces.cells.genotype import Cell, Genotype, cell_text, edges_of
from eproxy_engine.spaces.cells.kinds import DARTS, DARTS_SEARCH, ENAS
from eproxy_engine.spaces.cells.space import CellSpace

pytestmark = pytest.mark.thorough

NAMES = [name for name in spaces.names() if isinstance(spaces.get(name), CellSpace)]
every_space = pytest.mark.parametrize("name", NAMES)
POOLS: Cell = ((("max_pool_3x3", 0), ("max_pool_3x3", 1)),) * 4


def cells(name: str) -> CellSpace:
    space = spaces.get(name)
    assert isinstance(space, CellSpace)
    return space


def test_they_are_sixteen() -> None:
    assert Counter(spaces.get(name).family for name in NAMES) == {"NDS, ImageNet": 6, "NDS, CIFAR-10": 8, "DARTS": 2}


def test_arithmetic_by_hand() -> None:
    """Four cells of poolings alone, 16 channels wide: what remains are stem, 1x1 convolutions and classifier."""
    parameters = 27 * 48 + 96  # stem
    parameters += 2 * (48 * 16 + 32)
    parameters += 48 * 32 + 64 + 64 * 32 + 64  # the first reduction cell
    parameters += 64 * 64 + 128 + 128 * 64 + 128  # the second one
    parameters += 128 * 64 + 128 + 256 * 64 + 128
    parameters += 256 * 10 + 10
    flops = 27 * 48 * 1024 + 2 * 48 * 16 * 1024
    flops += (48 * 32 + 64 * 32) * 1024 + (64 * 64 + 128 * 64) * 256 + (128 * 64 + 256 * 64) * 64 + 2560
    assert parameters == 46_650
    counted = network_counts(Genotype(4, 16, POOLS, POOLS), DARTS, imagenet=False, size=32, classes=10)
    assert counted == Counts(parameters, flops)


@every_space
def test_arithmetic_counts_what_is_built(name: str) -> None:
    space = cells(name)
    genotype = space.sample(np.random.default_rng(7))
    counted = space.complexity(genotype)
    assert space.counts(genotype) == Counts(counted.parameters, counted.flops)


@every_space
def test_samples_use_everything_and_keep_the_limits(name: str) -> None:
    space, rng = cells(name), np.random.default_rng(0)
    samples = [space.sample(rng) for _ in range(150)]
    assert [space.refusal(genotype) for genotype in samples] == [None] * 150
    assert {genotype.depth for genotype in samples} == set(space.depths)
    used = {op for genotype in samples for cell in (genotype.normal, genotype.reduction) for op, _ in edges_of(cell)}
    assert used == set(space.kind.operations)
    assert {genotype.width for genotype in samples} <= set(space.widths)
    assert all((genotype.normal == genotype.reduction) == space.tied for genotype in samples)
    sources = {source for genotype in samples for _, source in edges_of(genotype.normal)}
    assert sources == set(range(space.kind.nodes + 1))


@every_space
def test_a_mutant_differs_in_one_place_and_keeps_the_limits(name: str) -> None:
    space, rng = cells(name), np.random.default_rng(1)
    genotype, seen = space.sample(rng), set()
    for _ in range(100):
        mutant = space.mutate(genotype, rng)
        assert space.refusal(mutant) is None
        places = differences(genotype, mutant)
        if space.tied:
            assert len(places) == 2
        else:
            assert len(places) == 1
        seen |= set(places)
        genotype = mutant
    assert {"normal", "reduce"} <= seen
    assert ("depth" in seen) == (len(space.depths) > 1)
    assert ("width" in seen) == (len(space.widths) > 1)


def differences(first: Genotype, second: Genotype) -> list[str]:
    """Where two genotypes differ: by depth, width, or an operation or an input of an edge of a cell."""
    places = ["depth"] * (first.depth != second.depth) + ["width"] * (first.width != second.width)
    for title, a, b in (("normal", first.normal, second.normal), ("reduce", first.reduction, second.reduction)):
        gone, new = Counter(edges_of(a)) - Counter(edges_of(b)), Counter(edges_of(b)) - Counter(edges_of(a))
        assert gone.total() == new.total() <= 1
        if gone:
            (old,), (other,) = gone, new
            assert (old[0] == other[0]) != (old[1] == other[1])
        places += [title] * (a != b)
    return places


def test_outputs_of_cells_with_loose_ends() -> None:
    first = ("skip_connect", 0)
    assert ENAS.concatenated(((first, first),) * 5) == [2, 3, 4, 5, 6]
    chain = tuple((("skip_connect", max(0, node - 1)), first) for node in range(2, 7))
    assert ENAS.concatenated(chain) == [6]
    assert DARTS.concatenated(chain) == [2, 3, 4, 5, 6]


def test_a_drawing_has_two_edges_where_a_node_takes_a_tensor_twice() -> None:
    space = cells("nds-imagenet-darts")
    cell = "skip_connect~0+sep_conv_3x3~0|none~1+max_pool_3x3~2|none~0+none~1|skip_connect~3+skip_connect~3"
    genotype = space.parse(f"d6w32;normal={cell};reduce={cell_text(POOLS)}")
    drawings = space.drawings(genotype)
    assert list(drawings) == ["normal cell", "reduction cell"]
    graph = drawings["normal cell"]
    assert isinstance(graph, nx.MultiDiGraph)
    labels = ["input k−2", "input k−1", "0", "1", "2", "3", "output"]
    assert [label for _, label in graph.nodes(data="label")] == labels
    edges = Counter((labels[a], labels[b], label) for a, b, label in graph.edges(data="label"))
    assert edges == {
        ("input k−2", "0", "skip_connect"): 1,
        ("input k−2", "0", "sep_conv_3x3"): 1,
        ("0", "1", "max_pool_3x3"): 1,
        ("1", "3", "skip_connect"): 2,
        ("0", "output", ""): 1,
        ("1", "output", ""): 1,
        ("2", "output", ""): 1,
        ("3", "output", ""): 1,
    }


def test_the_open_space_is_what_the_paper_describes() -> None:
    space = cells("darts")
    assert (space.depths, space.widths, space.kind) == ((14,), (48,), DARTS_SEARCH)
    assert "none" not in space.kind.operations
    rng = np.random.default_rng(3)
    for genotype in (space.sample(rng) for _ in range(50)):
        assert 500e6 <= space.counts(genotype).flops <= 600e6
        for cell in (genotype.normal, genotype.reduction):
            assert all(first < second for (_, first), (_, second) in cell)


@pytest.mark.parametrize(("low", "high"), [(300, 400), (550, 560), (700, 800), (0, 330)])
def test_the_open_space_takes_other_limits(low: int, high: int) -> None:
    space, rng = DARTSOpen(low * 10**6, high * 10**6), np.random.default_rng(0)
    genotype = space.sample(rng)
    for _ in range(20):
        assert low * 1e6 <= space.counts(genotype).flops <= high * 1e6
        genotype = space.mutate(genotype, rng)
    assert space.counts(space.largest()).flops == space.largest_flops <= high * 1e6
    assert space.refusal(space.largest()) is None


@pytest.mark.parametrize(("low", "high"), [(0, 200), (800, 900), (600, 500)])
def test_limits_that_no_architecture_keeps(low: int, high: int) -> None:
    with pytest.raises(ValueError, match=f"no architecture has {low * 10**6:,} to {high * 10**6:,} FLOPs"):
        DARTSOpen(low * 10**6, high * 10**6).sample(np.random.default_rng(0))


def test_the_table_of_swap() -> None:
    table, space = benchmarks.load("darts-cifar10-1000"), cells("darts-cifar10-1000")
    genotypes = [space.parse(text) for text in table["architecture"]]
    assert len(set(genotypes)) == 1000
    assert [str(genotype) for genotype in genotypes] == table["architecture"].tolist()
    counts = [space.counts(genotype) for genotype in genotypes]
    assert [(c.parameters, c.flops) for c in counts] == list(zip(table["parameters"], table["flops"], strict=True))
    best = table.loc[table["cifar10"].idxmax()]
    assert best["cifar10"] == 86.61
    assert best["architecture"].startswith("d20w36;normal=sep_conv_5x5~0+none~1|sep_conv_5x5~1+sep_conv_5x5~0|")
    assert sorted(table["cifar10"])[:3] == pytest.approx([10.22, 10.25, 63.51], abs=0.005)
