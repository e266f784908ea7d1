"""Famous networks: the catalogue against what was published, and names where an architecture is read."""

from pathlib import Path

import pytest

from eproxy_engine import spaces
from eproxy_engine.documents import read_yaml
from eproxy_engine.errors import UserError
from eproxy_engine.search.architecture_search import published
from eproxy_engine.spaces import famous
from eproxy_engine.spaces.cells.genotype import Cell
from eproxy_engine.spaces.cells.space import CellSpace

GENOTYPES = read_yaml((Path(__file__).parent / "data/famous_genotypes.yaml").read_text("utf-8"))
SPACES = ["darts", "nds-imagenet-darts", "nds-imagenet-nasnet", "nds-imagenet-pnas", "nds-imagenet-enas"]
OTHERWISE_BUILT = {"NASNet-A": 4.77, "SNAS": 4.24}
"""Millions of parameters here; the catalogue says why they differ from those published, 5.3 and 4.3."""
FIRST_IS_THE_LAST = {0: 1, 1: 0}
"""NASNet's and PNASNet's code numbers the output of the last cell 0 and that of the cell before it 1."""
SEPARABLE = {"3x3": "sep_conv_3x3", "5x5": "sep_conv_5x5", "7x7": "sep_conv_7x7"}


def cells(space: str) -> CellSpace:
    found = spaces.get(space)
    assert isinstance(found, CellSpace)
    return found


@pytest.mark.parametrize("space", SPACES)
def test_every_network_is_in_its_spaces_and_has_two_sources(space: str) -> None:
    networks = famous.in_space(space)
    assert networks
    for text, network in networks.items():
        assert network.architecture == text == str(spaces.get(space).parse(text))
        repositories = {source.split(":")[0] for source in network.sources}
        assert len(repositories) == len(network.sources) == 2
        for name in (network.name, network.name.upper(), f" {network.name} ", *network.aliases):
            assert str(spaces.get(space).parse(name)) == text


@pytest.mark.parametrize("name", GENOTYPES)
def test_networks_of_darts_are_the_genotypes_of_their_authors(name: str) -> None:
    """Depth and width are not part of them; the inputs of a node have no order in the space ``darts``."""
    space, network = cells("nds-imagenet-darts"), cells("nds-imagenet-darts").parse(name)
    written = cells("nds-imagenet-darts-fix-w-d").parse(GENOTYPES[name])
    for ours, theirs in ((network.normal, written.normal), (network.reduction, written.reduction)):
        assert [sorted(node) for node in ours] == [sorted(node) for node in theirs]
    assert len(GENOTYPES) == len(famous.in_space(space.name))


def cell_of_slim(operations: str, sources: list[int]) -> Cell:
    """A cell as NASNet's and PNASNet's code has it: operations, and the tensors that they take."""
    names = [SEPARABLE.get(name, name) for name in operations.split()]
    edges = [(name, FIRST_IS_THE_LAST.get(source, source)) for name, source in zip(names, sources, strict=True)]
    return tuple(zip(edges[::2], edges[1::2], strict=True))


def test_nasnet_and_pnasnet_are_the_cells_of_their_authors() -> None:
    skip, average, largest = "skip_connect", "avg_pool_3x3", "max_pool_3x3"
    nasnet = cells("nds-imagenet-nasnet").parse("NASNet-A")
    normal = f"5x5 3x3 5x5 3x3 {average} {skip} {average} {average} 3x3 {skip}"
    assert nasnet.normal == cell_of_slim(normal, [0, 1, 1, 1, 0, 1, 1, 1, 0, 0])
    reduction = f"5x5 7x7 {largest} 7x7 {average} 5x5 {skip} {average} 3x3 {largest}"
    assert nasnet.reduction == cell_of_slim(reduction, [0, 1, 0, 1, 0, 1, 3, 2, 2, 0])
    pnasnet = cells("nds-imagenet-pnas").parse("PNASNet-5")
    both = f"5x5 {largest} 7x7 {largest} 5x5 3x3 3x3 {largest} 3x3 {skip}"
    assert pnasnet.normal == pnasnet.reduction == cell_of_slim(both, [1, 1, 0, 0, 0, 0, 4, 0, 1, 0])


def test_enas_is_the_fixed_architecture_of_its_authors() -> None:
    operations = ("sep_conv_3x3", "sep_conv_5x5", "avg_pool_3x3", "max_pool_3x3", "skip_connect")
    enas = cells("nds-imagenet-enas").parse("ENAS")
    for cell, code in (
        (enas.normal, "0 2 0 0 0 4 0 1 0 4 1 1 1 0 0 1 0 2 1 1"),
        (enas.reduction, "1 0 1 0 0 3 0 2 1 1 3 1 1 0 0 4 0 3 1 1"),
    ):
        numbers = [int(each) for each in code.split()]
        edges = [(operations[op], source) for source, op in zip(numbers[::2], numbers[1::2], strict=True)]
        assert cell == tuple(zip(edges[::2], edges[1::2], strict=True))


@pytest.mark.parametrize("space", SPACES)
def test_parameters_are_those_of_table_8(space: str) -> None:
    """At the published depth and width; the classifier for 1,000 classes counts, an auxiliary one does not."""
    for text, network in famous.in_space(space).items():
        if network.table_8 is None or (space, network.name) == ("darts", "GDAS"):  # which has other channels there
            continue
        row = published.imagenet_row(network.table_8, network.searched_on)
        millions = cells(space).counts(cells(space).parse(text)).parameters / 1e6
        if network.name in OTHERWISE_BUILT:
            assert network.note
            assert round(millions, 2) == OTHERWISE_BUILT[network.name]
        else:
            assert abs(millions - row.parameters) < 0.051


def test_gdas_has_the_published_flops_at_the_published_width() -> None:
    space = cells("nds-imagenet-darts")
    assert round(space.counts(space.parse("GDAS")).flops / 1e6) == 581
    assert space.parse("GDAS").width == 50


@pytest.mark.parametrize(
    ("space", "text", "expected"),
    [
        ("darts", "PCDART", "near names: PC-DARTS"),
        ("darts", "ENAS", "ENAS is a famous network of nds-imagenet-enas"),
        ("darts", "dart", "`describe darts --famous` lists them"),
    ],
)
def test_a_name_that_is_not_known_is_refused_with_near_ones(space: str, text: str, expected: str) -> None:
    with pytest.raises(UserError, match=repr(text)) as caught:
        spaces.get(space).parse(text)
    assert expected in str(caught.value)


def test_spaces_without_famous_networks_say_nothing_of_them() -> None:
    with pytest.raises(UserError) as caught:
        spaces.get("darts-cifar10-1000").parse("PC-DARTS")
    assert "--famous" not in str(caught.value)
    with pytest.raises(UserError, match="no famous network of nasbench201 is known; accepted: darts, "):
        famous.listed("nasbench201")
