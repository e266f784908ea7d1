"""Networks by what people call them."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest
from torch import nn

from eproxy_engine.errors import UserError
from eproxy_engine.spaces.own import reading
from eproxy_engine.spaces.own.reading import by_name, networks_of

ONE = """
from torch import nn
class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
class Net(nn.Sequential):
    def __init__(self, width=3):
        super().__init__(nn.Flatten(), nn.Linear(3072, width))
"""
SEVERAL = f"{ONE}\nwide = Net(10)\nboth = {{'a': Net(), 'b': Net}}\nlisted = [Net(), Net()]\n"


@pytest.fixture
def file(tmp_path: Path, request: pytest.FixtureRequest) -> str:
    path = tmp_path / f"networks_of_{abs(hash(request.node.name))}.py"
    path.write_text(getattr(request, "param", ONE), "utf-8")
    return str(path)


def test_the_only_network_of_a_file(file: str) -> None:
    assert list(networks_of(file)) == ["Net"]


@pytest.mark.parametrize("file", [SEVERAL], indirect=True)
def test_a_name_in_a_file(file: str) -> None:
    assert list(networks_of(f"{file}:wide")) == ["wide"]
    assert list(networks_of(f"{file}:both")) == ["a", "b"]
    assert list(networks_of(f"{file}:listed")) == ["listed[0]", "listed[1]"]
    with pytest.raises(UserError, match=rf"has 2 networks; accepted: {file}:Net, {file}:wide$"):
        networks_of(file)
    with pytest.raises(UserError, match=rf"has no 'nix'; accepted: {file}:Net, {file}:wide$"):
        networks_of(f"{file}:nix")


@pytest.mark.parametrize(
    ("file", "why"),
    [("1 / 0", "ZeroDivisionError: division by zero .*line 1"), ("x = 1", "has 0 networks; accepted: a file that")],
    indirect=["file"],
)
def test_a_file_that_cannot_be_used(file: str, why: str) -> None:
    with pytest.raises(UserError, match=why):
        networks_of(file)


def test_a_model_of_a_library_has_random_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    library = ModuleType("made_up_models")
    library.list_models = lambda: ["resnet7"]  # type: ignore[attr-defined]
    library.get_model = lambda name, weights: nn.Linear(1, 7 if weights is None else 8)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "made_up_models", library)
    monkeypatch.setattr(reading, "LIBRARIES", {"torchvision": "made_up_models", "timm": "no_such_module"})
    for source in ("resnet7", "torchvision:resnet7"):
        made = networks_of(source)[source]
        assert made().out_features == 7  # type: ignore[union-attr]
    with pytest.raises(
        UserError, match=r"unknown network 'resnet8'; accepted: FILE\.py:NAME, or a model of torchvision$"
    ):
        networks_of("resnet8")
    with pytest.raises(UserError, match=r"unknown network 'timm:resnet7'.*once torchvision or timm is installed"):
        networks_of("timm:resnet7")
    with pytest.raises(UserError, match=r"unknown network 'hub:resnet7'; accepted: FILE\.py:NAME, torchvision:NAME or"):
        networks_of("hub:resnet7")


def test_several_networks_keep_different_names() -> None:
    one, other = nn.Linear(1, 1), nn.Linear(1, 2)
    assert by_name([one, other, nn.Flatten]) == {"Linear": one, "Linear (2)": other, "Flatten": nn.Flatten}
    assert by_name({"mine": one}) == {"mine": one}
    assert list(by_name(nn.Sequential(one))) == ["Sequential"]


@pytest.mark.parametrize("file", [SEVERAL], indirect=True)
def test_a_name_of_ones_own_is_for_one_network(file: str) -> None:
    assert list(by_name({"mine": f"{file}:wide"})) == ["mine"]
    with pytest.raises(UserError, match="means 2 networks; accepted: one"):
        by_name({"mine": f"{file}:both"})
