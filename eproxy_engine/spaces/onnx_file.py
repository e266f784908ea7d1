"""Export of an architecture's network as an ONNX file, as far as torch's exporter can."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from eproxy_engine.errors import UserError
from eproxy_engine.foreign import reason
from eproxy_engine.spaces.interface import SearchSpace

NEEDED = ("onnx", "onnxscript")
"""Packages of torch's exporter, which are an extra."""


def write_onnx(space: SearchSpace, architecture: Any, path: str) -> None:
    """Write an architecture's network with random weights, at the published width.

    The file has one input ``images [batch, 3, h, h]`` of the space's ``input_size`` and one output
    ``logits [batch, classes]``; the batch may have any size.

    Args:
        space: A search space.
        architecture: An architecture of ``space``.
        path: The file.

    Raises:
        UserError: If a package is missing, torch cannot export the network, or the file cannot be written.
    """
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise UserError(f"{' and '.join(missing)} not installed; run pip install 'eproxy-studio[onnx]'")
    if not Path(path).absolute().parent.is_dir():
        raise UserError(f"the file {path!r} cannot be written: its folder does not exist")
    import torch
    from torch import nn

    backbone = space.build(architecture, space.published_width, space.input_size)

    class Whole(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.backbone, self.classifier = backbone, backbone.classifier(space.classes)

        def forward(self, images: torch.Tensor) -> torch.Tensor:
            return self.classifier(self.backbone(images)[0])

    images = torch.zeros(2, 3, space.input_size, space.input_size)  # two, as one would fix the size of the batch
    try:
        torch.onnx.export(
            Whole().eval(),
            (images,),
            path,
            dynamo=True,
            external_data=False,
            input_names=["images"],
            output_names=["logits"],
            dynamic_shapes=({0: "batch"},),
            verbose=False,
        )
    except Exception as error:  # the exporter's own, which are many
        raise UserError(f"no ONNX file of {str(architecture)!r}: torch cannot export it: {reason(error)}") from error
