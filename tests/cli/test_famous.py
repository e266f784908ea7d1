"""Famous networks on the command line."""

import pytest

from eproxy_engine.spaces import famous
from tests.cli.test_cli import Call, call, refused

__all__ = ["call"]


def test_a_network_is_described_by_name(call: Call) -> None:
    found = call("describe", "darts", "pc-darts", "--json").json
    assert found["famous"]["name"] == "PC-DARTS"
    assert found["famous"]["top1"] == 25.1
    assert round(found["parameters"] / 1e6, 1) == 5.3


def test_famous_networks_are_listed(call: Call) -> None:
    rows = call("describe", "darts", "--famous", "--json").json["famous"]
    assert [row["architecture"] for row in rows] == list(famous.in_space("darts"))
    assert "TE-NAS (ImageNet)" in call("describe", "darts", "--famous").out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("describe", "nasbench201", "--famous"), "no famous network of nasbench201"),
        (("describe", "darts"), "ARCHITECTURE is missing"),
        (("evaluate", "--space", "nasbench201", "--rule", "famous", "--proxy", "flops"), "no famous network"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(call: Call, words: tuple[str, ...], expected: str) -> None:
    refused(call(*words), expected)


def test_an_evaluation_ranks_them_among_random_ones(call: Call) -> None:
    words = ("evaluate", "--space", "darts", "--rule", "famous", "--sample", 3, "--proxy", "flops")
    found = call(*words, "--json").json
    assert len(found["rows"]) == 3 + len(famous.in_space("darts"))
    first = found["famous"][0]
    assert (first["name"], first["of"]) == ("SGAS", len(found["rows"]))
    assert 0 <= first["above"] <= 1
    assert -1 <= found["famous_rho"] <= 1
    assert "SGAS" in call(*words).out
