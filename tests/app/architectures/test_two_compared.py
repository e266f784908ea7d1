"""What the page says of two architectures, and of all search spaces."""

import pytest

from app.architectures.spaces import spaces_listing
from app.architectures.two_compared import comparison
from app.proxy.memory import memory_warning
from eproxy_engine import benchmarks, spaces


def test_two_architectures_side_by_side() -> None:
    first, second = "|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|", str(spaces.get("nasbench201").largest())
    rows = comparison("nasbench201", first, second).set_index("")
    table = benchmarks.load("nasbench201").set_index("architecture")
    assert rows.loc["parameters (M)", ["first", "second"]].tolist() == ["0.32", "1.53"]
    assert rows.loc["parameters (M)", "difference"] == "+1.22"
    accuracies = rows.loc["cifar10 (%)"]
    assert accuracies["first"] == f"{table.loc[first, 'cifar10']:.2f}"
    assert accuracies["second"] == f"{table.loc[second, 'cifar10']:.2f}"


def test_what_is_not_known_of_an_architecture_stays_empty() -> None:
    table = benchmarks.load("nasbench101")
    one = table.loc[table["cifar10"].notna() & table["imagenet"].isna(), "architecture"].iloc[0]
    other = table.loc[table["cifar10"].isna() & table["cifar10-valid"].notna(), "architecture"].iloc[0]
    rows = comparison("nasbench101", one, other).set_index("")
    titles = {task.name: f"{task.name} (%)" for task in spaces.get("nasbench101").tasks}
    assert rows.loc[titles["cifar10"], "first"] != ""
    assert rows.loc[titles["cifar10"], ["second", "difference"]].tolist() == ["", ""]
    assert titles["imagenet"] not in rows.index or rows.loc[titles["imagenet"], "first"] == ""


def test_the_listing_has_every_space_and_says_what_is_measured() -> None:
    listing = spaces_listing().set_index("name")
    assert listing.index.tolist() == spaces.names()
    assert listing.loc["nasbench201", "measured"] == 15_625
    assert listing.loc["nds-cifar10-resnet", "measured on"].startswith("nothing yet")
    assert listing.loc["nasbench101", "measured on"] == "cifar10, cifar10-valid, imagenet"


@pytest.mark.parametrize(
    ("peak", "processes", "available", "warned"), [(3e9, 2, 8e9, False), (6e9, 2, 8e9, True), (4e9, 2, 8e9, False)]
)
def test_memory_is_warned_of_where_it_does_not_suffice(
    peak: float, processes: int, available: float, warned: bool
) -> None:
    said = memory_warning(peak, processes, available)
    assert (said is not None) == warned
    assert said is None or "6.0 GB" in said
