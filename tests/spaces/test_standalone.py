"""Networks as files of their own: they need torch alone and are the networks that the engine builds."""

from __future__ import annotations

import ast
import copy
import importlib
import re
import runpy
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from textwrap import dedent
from typing import Any

import numpy as np
import pytest
import torch

from eproxy_engine import spaces
from eproxy_engine.errors import UserError
from eproxy_engine.spaces import SearchSpace
from eproxy_engine.spaces.backbone import Backbone
from eproxy_engine.spaces.nasbench201.space import NASBench201
from eproxy_engine.spaces.standalone import NETWORK, module_source
from eproxy_engine.spaces.standalone.expressions import Writer
from tests.registry import EXAMPLE, ONE_OF_EACH_CODE, fresh_registry

__all__ = ["fresh_registry"]

COUNTING = f"""
import runpy, sys
from importlib.util import find_spec
import torch

assert find_spec("eproxy_engine") is None
for path in sys.argv[1:]:
    found = runpy.run_path(path, run_name="__main__" if path.endswith("nasbench201.py") else "found")
    with torch.device("meta"):
        network = found["{NETWORK}"]()
    counted = sum(each.numel() for each in network.parameters())
    assert f"Parameters: {{counted:,}}\\n" in found["__doc__"], path
"""


def drawn(space: SearchSpace) -> Any:
    return space.sample(np.random.default_rng(0))


@pytest.mark.processes
def test_files_need_torch_alone_and_have_as_many_parameters_as_are_counted(tmp_path: Path) -> None:
    """One of each code, which is what is copied."""
    for name in ONE_OF_EACH_CODE:
        (tmp_path / f"{name}.py").write_text(module_source(spaces.get(name), drawn(spaces.get(name))), "utf-8")
    command = [sys.executable, "-I", "-c", COUNTING, *map(str, tmp_path.glob("*.py"))]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (found.returncode, found.stderr) == (0, "")
    nasbench201 = spaces.get("nasbench201")
    assert found.stdout == f"{nasbench201.complexity(drawn(nasbench201)).parameters:,} parameters, logits [1, 10]\n"


@pytest.mark.parametrize("name", ["nasbench201", "transnas101-micro", "darts-cifar10-1000", "nds-cifar10-resnext-a"])
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


# --- plug-ins ---

BLOCKS = """
    '''Blocks of a plug-in.'''
    import torch.nn as nn
    from math import ceil as up

    WIDEST = up(63.5)

    def convolution(c_in: int, c_out: int) -> nn.Module:
        # odd kernels alone
        return nn.Conv2d(c_in, min(c_out, WIDEST), 3, padding=1)

    def unused() -> None:
        raise NotImplementedError
"""
NET = """
    '''The network of a plug-in.'''
    from eproxy_engine.spaces.backbone import Backbone
    from torch import nn
    from blocks import convolution

    CALLS = [].append(1)
    print("imported")

    class Net(Backbone):
        def __init__(self, width, *, scale=1, activation=nn.ReLU):
            super().__init__()
            channels = int(width * scale)
            self.layers = nn.ModuleList([convolution(3, channels), convolution(channels, channels), activation()])
            self.stage_channels = (channels,) * 3

        def forward(self, x):
            outputs = [x]
            for layer in self.layers:
                outputs.append(layer(outputs[-1]))
            return outputs[:0:-1]

        def classifier(self, classes):
            return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(self.stage_channels[0], classes))
"""
Written = Callable[..., Any]


class Given(NASBench201):
    """Its only network is the one that ``make`` makes."""

    title = 'Of a "plug-in"'

    def __init__(self, make: Callable[[], Backbone]) -> None:
        self.make = make

    def build(self, architecture: object, width: int, size: int = 32) -> Backbone:
        return self.make()


@pytest.fixture
def written(fresh_registry: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Written:
    """Writes the modules ``blocks`` and ``net`` and imports the second."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(blocks: str = BLOCKS, net: str = NET) -> Any:
        (tmp_path / "blocks.py").write_text(dedent(blocks), "utf-8")
        (tmp_path / "net.py").write_text(dedent(net), "utf-8")
        importlib.invalidate_caches()
        return importlib.import_module("net")

    return write


def source_of(make: Callable[[], Backbone]) -> str:
    space = Given(make)
    return module_source(space, space.largest())


def refusal(make: Callable[[], Backbone]) -> str:
    with pytest.raises(UserError) as caught:
        source_of(make)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_modules_of_a_plug_in_are_copied(written: Written, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    module = written()
    capsys.readouterr()
    source = source_of(lambda: module.Net(8, scale=Fraction(1, 2), activation=torch.nn.Tanh))
    assert "width=8, scale=Fraction(1, 2), activation=Tanh" in source
    assert "from math import ceil as up" in source
    assert "def unused" not in source
    assert capsys.readouterr().out == ""  # what a module does when it is imported is no definition
    packages = {"__future__", "abc", "fractions", "math", "torch", "torch.nn", "torch.nn.modules.activation"}
    assert set(re.findall(r"^(?:from|import) (\S+)", source, re.MULTILINE)) == packages
    path = tmp_path / "found.py"
    path.write_text(source, "utf-8")
    assert "Conv2d(3, 4, kernel_size=(3, 3)" in str(runpy.run_path(str(path))[NETWORK]())


def test_a_backbone_that_is_copied_still_knows_what_it_was_made_with() -> None:
    space = spaces.get("nasbench201")
    backbone = space.build(drawn(space), 4)
    assert copy.deepcopy(backbone).made_with == backbone.made_with == ((drawn(space).edges(), 4), {})


def test_the_example_plug_in_is_refused(fresh_registry: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its network is made of modules, which no text can stand for."""
    monkeypatch.setenv("EPROXY_PLUGINS", str(EXAMPLE))
    space = spaces.get("plain-convnets")
    with pytest.raises(UserError, match=r"'2-2-2/5/batch/relu/full' of Plain convnets: .* Sequential\(.*; accepted: "):
        module_source(space, space.largest())


def test_names_with_two_meanings_are_refused(written: Written) -> None:
    module = written(net=NET.replace("CALLS =", "WIDEST =").replace("scale=1", "scale=WIDEST or 1"))
    assert "'WIDEST' would mean several things in one file (blocks, net)" in refusal(lambda: module.Net(8))


@pytest.mark.parametrize(
    ("name", "meanings"),
    [("max", "blocks, builtins"), (NETWORK, "blocks, the file itself"), ("Tensor", "blocks, torch.Tensor")],
)
def test_names_that_the_file_needs_are_refused(written: Written, name: str, meanings: str) -> None:
    module = written(BLOCKS.replace("WIDEST", name))
    assert f"{name!r} would mean several things in one file ({meanings})" in refusal(lambda: module.Net(8))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "from blocks import convolution",
            "from blocks import convolution as c",
            "`from blocks import convolution as c`",
        ),
        ("convolution(3", "blocks.convolution(3", "`import blocks`"),
        ("super()", "from blocks import convolution; super()", "Net in net has `from blocks import convolution` in it"),
        ("from blocks import convolution", "from blocks import *", "NameError: name 'convolution' is not defined"),
    ],
)
def test_imports_that_cannot_be_copied_are_refused(written: Written, old: str, new: str, told: str) -> None:
    net = NET.replace(old, new).replace("from torch", "import blocks\n    from torch")
    module = written(net=net.replace("convolution(", "c(") if new.endswith(" c") else net)
    assert told in refusal(lambda: module.Net(8))


def test_a_network_that_was_changed_after_it_was_made_is_refused(written: Written) -> None:
    module = written()

    def make() -> Any:
        net = module.Net(8)
        net.layers.append(torch.nn.BatchNorm2d(8))
        return net

    assert "the arguments of Net do not tell all of the network" in refusal(make)


# --- values ---


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ((1, -2.5, None, True), "(1, -2.5, None, True)"),
        ((1,), "(1,)"),
        ((), "()"),
        ([("a'b", 'c"\n')], '[("a\'b", "c\\"\\n")]'),
        (frozenset(), "frozenset({})"),
        (frozenset({(2, 1), (1, 2)}), "frozenset({(1, 2), (2, 1)})"),
        (Fraction(2, 4), "Fraction(1, 2)"),
        (Fraction, "Fraction"),
        (dedent, "dedent"),
    ],
)
def test_values_are_written_as_they_are_read(value: object, text: str) -> None:
    assert Writer().call(Fraction, (value,), {}).flat() == f"Fraction({text})"


@pytest.mark.parametrize("value", [lambda: 0, float("nan"), np.float64(1), {1}, torch.nn.ReLU()])
def test_what_no_text_can_stand_for_is_refused(value: object) -> None:
    with pytest.raises(UserError, match=r"no Python expression can stand for .*; accepted: numbers"):
        Writer().call(Fraction, (), {"given": [value]})


def test_long_values_have_several_lines() -> None:
    letters = [["b" * 50, "c" * 50], list(range(40))]
    call = Writer().call(dict, (), {"a": letters, "n": 1})
    text = call.laid_out(indent=8)
    assert eval(text) == {"a": letters, "n": 1}
    indents = [len(line) - len(line.lstrip()) for line in text.splitlines()]
    assert indents == [0, 12, 16, 20, 20, 16, 16, 20, 20, 16, 12, 12, 8]
    assert max(map(len, text.splitlines())) <= 120
