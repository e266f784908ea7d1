"""``describe``: the network as a file, and the genotype of cells."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np

from eproxy_engine import spaces
from tests.cli.test_cli import CELL, Call, call, refused
from tests.registry import EXAMPLE, fresh_registry

__all__ = ["call", "fresh_registry"]


def test_the_network_is_written_as_a_file(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "found.py"
    found = call("describe", "nasbench201", CELL, "--module", path, "--json").json
    assert found["module"] == str(path)
    network = runpy.run_path(str(path))["FoundNetwork"]()
    assert sum(each.numel() for each in network.parameters()) == found["parameters"]
    assert f"{found['flops']:,}" in path.read_text("utf-8")
    assert "module" not in call("describe", "nasbench201", CELL, "--json").json


def test_a_file_that_cannot_be_written_is_refused(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "found.py"
    refused(call("describe", "nasbench201", CELL, "--module", path), f"the file {str(path)!r} cannot be written")


def test_a_network_that_cannot_be_written_is_refused(fresh_registry: object, call: Call, tmp_path: Path) -> None:
    call("plugins", "add", EXAMPLE)
    path, text = tmp_path / "found.py", "1-2-1/3/batch/relu/full"
    refused(call("describe", "plain-convnets", text, "--module", path), repr(text), "Plain convnets is a plug-in")
    assert not path.exists()


def test_the_genotype_of_cells_is_shown(call: Call) -> None:
    """As DARTS writes it, and as ``parse`` reads it."""
    space = spaces.get("darts-cifar10-1000")
    text = str(space.sample(np.random.default_rng(0)))
    genotype = call("describe", space.name, text, "--json").json["genotype"]
    assert genotype.startswith("Genotype(normal=[(")
    assert str(space.parse(genotype)) == text
    assert "genotype" not in call("describe", "nasbench201", CELL, "--json").json
