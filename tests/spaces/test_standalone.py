"""Networks as files of their own: they need torch alone and are the networks that the engine builds."""

from __future__ import annotations

import ast
import copy
import inspect
import runpy
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from eproxy_engine import spaces
from eproxy_engine.errors import UserError
from eproxy_engine.spaces import SearchSpace
from eproxy_engine.spaces.nasbench201.space import NASBench201
from eproxy_engine.spaces.registry import BUILTIN
from eproxy_engine.spaces.standalone import MODULES, NETWORK, SPACES, module_source, refusal
from tests.registry import EXAMPLE, ONE_OF_EACH_CODE, fresh_registry

pytestmark = pytest.mark.thorough

__all__ = ["fresh_registry"]

PROGRAMS = {"nasbench201": 10, "nds-cifar10-resnext-a": 10, "transnas101-micro": 47}
"""Spaces whose files are run as programs, by classes: one whose modules import torch as a whole, two that do not."""
COUNTING = f"""
import runpy, sys
from importlib.util import find_spec
from pathlib import Path
import torch

assert find_spec("eproxy_engine") is None
for path in sys.argv[1:]:
    found = runpy.run_path(path, run_name="__main__" if Path(path).stem in {tuple(PROGRAMS)} else "found")
    with torch.device("meta"):
        network = found["{NETWORK}"]()
    counted = sum(each.numel() for each in network.parameters())
    assert f"Parameters: {{counted:,}}\\n" in found["__doc__"], path
"""


def drawn(space: SearchSpace) -> Any:
    return space.sample(np.random.default_rng(0))


@pytest.mark.processes
def test_files_need_torch_alone_and_have_as_many_parameters_as_are_counted(tmp_path: Path) -> None:
    """One of each code."""
    for name in {*ONE_OF_EACH_CODE, *PROGRAMS}:
        (tmp_path / f"{name}.py").write_text(module_source(spaces.get(name), drawn(spaces.get(name))), "utf-8")
    command = [sys.executable, "-I", "-c", COUNTING, *map(str, sorted(tmp_path.glob("*.py")))]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (found.returncode, found.stderr) == (0, "")
    counts = [(spaces.get(name).counts(drawn(spaces.get(name))), classes) for name, classes in sorted(PROGRAMS.items())]
    assert found.stdout.splitlines() == [f"{c.parameters:,} parameters, logits [1, {n}]" for c, n in counts]


@pytest.mark.parametrize("name", ONE_OF_EACH_CODE)
def test_the_same_weights_give_the_same_logits(name: str, tmp_path: Path) -> None:
    space = spaces.get(name)
    path = tmp_path / "found.py"
    path.write_text(module_source(space, drawn(space)), "utf-8")
    found = runpy.run_path(str(path))[NETWORK](classes=7)
    backbone = space.build(drawn(space), space.published_width, space.input_size)
    head = backbone.classifier(7)
    found.backbone.load_state_dict(backbone.state_dict())
    found.classifier.load_state_dict(head.state_dict())
    images = torch.randn(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        assert torch.equal(found(images), head(backbone(images)[0]))


@pytest.mark.parametrize("space", BUILTIN, ids=lambda space: space.name)
def test_every_built_in_space_has_files(space: SearchSpace) -> None:
    """Of the largest architecture, whose values are the longest."""
    source = module_source(space, space.largest())
    found: dict[str, Any] = {"__name__": "found"}
    sys.modules["found"] = type(sys)("found")  # where dataclasses look for their module
    try:
        exec(source, found)
        with torch.device("meta"):
            network = found[NETWORK]()
            backbone = space.build(space.largest(), space.published_width, space.input_size)
    finally:
        del sys.modules["found"]
    assert {name: each.shape for name, each in network.backbone.state_dict().items()} == {
        name: each.shape for name, each in backbone.state_dict().items()
    }
    assert max(map(len, source.partition(f"class {NETWORK}")[2].splitlines())) <= 120


def test_a_file_tells_what_it_is() -> None:
    space = spaces.get("nasbench201")
    cell = drawn(space)
    source, counted = module_source(space, cell), space.complexity(cell)
    about = ast.get_docstring(ast.parse(source)) or ""
    for part in (space.title, str(cell), f"{counted.parameters:,}", f"{counted.flops:,}", "[b, 3, 32, 32]", "[b, 10]"):
        assert part in about


def test_a_file_of_cells_tells_the_genotype_and_what_is_not_in_it() -> None:
    space = spaces.get("nds-cifar10-enas")
    source = module_source(space, drawn(space))
    assert space.genotype_text(drawn(space)) in source  # type: ignore[attr-defined]
    assert "auxiliary head" in source


def test_only_what_the_network_needs_is_copied() -> None:
    space = spaces.get("nasbench201")
    source = module_source(space, drawn(space))
    for part in ("numpy", "networkx", "def mutate", "class NASBench201", "made_with", "def __new__"):
        assert part not in source


def test_a_backbone_that_is_copied_still_knows_what_it_was_made_with() -> None:
    space = spaces.get("nasbench201")
    backbone = space.build(drawn(space), 4)
    assert copy.deepcopy(backbone).made_with == backbone.made_with == ((drawn(space).edges(), 4), {})


def test_the_example_plug_in_is_refused(fresh_registry: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EPROXY_PLUGINS", str(EXAMPLE))
    space = spaces.get("plain-convnets")
    told = "Plain convnets is a plug-in, and networks of plug-ins cannot be exported; accepted: built-in search spaces"
    assert refusal(space) == told
    with pytest.raises(UserError) as caught:
        module_source(space, space.largest())
    assert str(caught.value) == f"no file for '2-2-2/5/batch/relu/full': {told}"


def test_a_plug_in_that_builds_on_a_built_in_space_is_refused() -> None:
    """Its network can be another one."""

    class Own(NASBench201):
        title = "My own"

    assert refusal(NASBench201()) is None
    assert "My own is a plug-in" in str(refusal(Own()))


# --- modules that are joined ---


@pytest.mark.parametrize("family", MODULES)
def test_joined_modules_need_nothing_but_those_before_them(family: str) -> None:
    defined: set[str] = {"Backbone"}
    for name in MODULES[family]:
        for statement in ast.parse(inspect.getsource(import_module(f"{SPACES}.{name}"))).body:
            if isinstance(statement, ast.ImportFrom) and str(statement.module).startswith("eproxy_engine"):
                assert {alias.name for alias in statement.names} <= defined
            elif isinstance(statement, ast.Import | ast.ImportFrom):
                assert all(alias.asname is None for alias in statement.names)
                assert _package(statement) in sys.stdlib_module_names | {"torch"}
            new = _names(statement)
            assert not new & defined, f"{name} defines {new & defined} again"
            defined |= new
    assert NETWORK not in defined


def _package(statement: ast.Import | ast.ImportFrom) -> str:
    module = statement.module if isinstance(statement, ast.ImportFrom) else statement.names[0].name
    return str(module).partition(".")[0]


def _names(statement: ast.stmt) -> set[str]:
    """What a statement at the top of a module defines."""
    if isinstance(statement, ast.ClassDef | ast.FunctionDef):
        return {statement.name}
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return {target.id for target in targets if isinstance(target, ast.Name)}
    return set()
