"""An architecture as an ONNX file: what torch's exporter is given, and what is told where it cannot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from eproxy_engine import spaces
from eproxy_engine.errors import UserError
from eproxy_engine.spaces import onnx_file
from eproxy_engine.spaces.onnx_file import write_onnx

SPACE = spaces.get("nasbench201")
CELL = SPACE.parse("|none~0|+|none~0|none~1|+|nor_conv_1x1~0|none~1|none~2|")


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the exporter's packages were there."""
    monkeypatch.setattr(onnx_file, "NEEDED", ())


@pytest.mark.usefixtures("installed")
def test_the_exporter_gets_the_whole_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given: dict[str, Any] = {}

    def export(network: torch.nn.Module, images: tuple[torch.Tensor], path: str, **how: Any) -> None:
        given.update(how, network=network, images=images[0], path=path)

    monkeypatch.setattr(torch.onnx, "export", export)
    write_onnx(SPACE, CELL, str(tmp_path / "it.onnx"))
    assert given["path"] == str(tmp_path / "it.onnx")
    assert given["network"](given["images"]).shape == (2, SPACE.classes)
    assert sum(each.numel() for each in given["network"].parameters()) == SPACE.counts(CELL).parameters
    assert not given["network"].training
    assert (given["input_names"], given["output_names"]) == (["images"], ["logits"])


@pytest.mark.usefixtures("installed")
def test_what_torch_cannot_export_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def export(*arguments: object, **how: object) -> None:
        raise ValueError("no operator\nfor this")

    monkeypatch.setattr(torch.onnx, "export", export)
    with pytest.raises(UserError, match=r"^no ONNX file of '\|none~0.*: torch cannot export it: no operator for this$"):
        write_onnx(SPACE, CELL, str(tmp_path / "it.onnx"))
    with pytest.raises(UserError, match="its folder does not exist"):
        write_onnx(SPACE, CELL, str(tmp_path / "nowhere" / "it.onnx"))


def test_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(onnx_file, "NEEDED", ("json", "no_such_package"))
    with pytest.raises(UserError, match=r"^no_such_package not installed; run pip install 'eproxy-studio\[onnx\]'$"):
        write_onnx(SPACE, CELL, str(tmp_path / "it.onnx"))
