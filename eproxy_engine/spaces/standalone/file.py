"""The file: what it says of the network, the definitions, and the whole network behind them."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable
from dataclasses import replace
from inspect import signature
from itertools import groupby
from types import ModuleType
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from eproxy_engine.errors import UserError
from eproxy_engine.spaces.cells.space import CellSpace
from eproxy_engine.spaces.interface import Architecture, SearchSpace
from eproxy_engine.spaces.standalone.copied import RULE, Copied
from eproxy_engine.spaces.standalone.expressions import Expression, Writer
from eproxy_engine.spaces.standalone.source import Import

if TYPE_CHECKING:
    from torch import nn

    from eproxy_engine.spaces.backbone import Backbone

NETWORK = "FoundNetwork"
"""Name of the file's class."""
IMPORTS = {Import("torch", None, "torch"), Import("torch", "Tensor", "Tensor"), Import("torch", "nn", "nn")}
"""Of the file's own class and of what runs it."""
PYTHON = "3.11"
COLUMNS = 120

ABOUT = '''\
"""{title}: the network of one architecture, ready to train.

Needs Python {python} or newer and {packages}, nothing of Eproxy Studio, which wrote it.

The architecture is

    {architecture}
{genotype}
Parameters: {parameters:,}
FLOPs:      {flops:,} multiply–accumulates of convolutions and linear layers for one image
Images:     [b, 3, {size}, {size}]
Logits:     [b, {classes}]

{remarks}
"""'''

WHOLE = '''\
# {line} the network


class {name}(nn.Module):
    """The whole network: images ``[b, 3, h, w]`` -> logits ``[b, classes]``."""

    def __init__(self, classes: int = {classes}) -> None:
        super().__init__()
        {backbone}
        self.classifier = self.backbone.classifier(classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.backbone(x)[0])


if __name__ == "__main__":
    network = {name}().eval()
    with torch.no_grad():
        logits = network(torch.randn(1, 3, {size}, {size}))
    print(f"{{sum(p.numel() for p in network.parameters()):,}} parameters, logits {{list(logits.shape)}}")
'''


def module_source(space: SearchSpace, architecture: Architecture) -> str:
    """A Python module that defines the architecture's network at the published width as the class :data:`NETWORK`.

    It is a ``torch.nn.Module`` from images ``[b, 3, h, w]`` to logits ``[b, classes]`` with the parameters of the
    built backbone and its classifier, in the same order; run as a program, it passes one image through.

    Raises UserError for a network of a plug-in that cannot be written as one module.
    """
    import torch
    from torch import nn

    with torch.device("meta"):
        backbone = space.build(architecture, space.published_width, space.input_size)
        expected = nn.ModuleList([backbone, backbone.classifier(space.classes)])
    try:
        writer = Writer()
        call = writer.call(type(backbone), *_named(backbone))
        copied = Copied(type(backbone), writer.mentioned.values(), {NETWORK}, {"classifier"}, IMPORTS)
        about = _about(space, architecture, copied.packages)
        source = f"{about}\n\n{_imports(copied)}\n\n\n" + "\n\n\n".join([*copied.sections(), _whole(space, call)])
        _check(source, expected)
    except UserError as error:
        raise UserError(f"no file for {str(architecture)!r} of {space.title}: {error}") from error
    return source


def _named(backbone: Backbone) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Arguments and keyword arguments that make the backbone, with as many keywords as its class allows."""
    arguments, keywords = backbone.made_with
    _, *parameters = signature(type(backbone).__init__).parameters.values()
    if any(each.kind in (each.POSITIONAL_ONLY, each.VAR_POSITIONAL) for each in parameters):
        return arguments, keywords
    return (), {each.name: value for each, value in zip(parameters, arguments, strict=False)} | keywords


def _about(space: SearchSpace, architecture: Any, packages: Iterable[str]) -> str:
    """The module's docstring."""
    genotype, remarks = "", ["Its weights are random.", f"For another number of classes, make {NETWORK}(classes=…)."]
    if isinstance(space, CellSpace):
        genotype = f"\nor, as DARTS writes it,\n\n    {space.genotype_text(architecture)}\n"
        remarks.append(
            "Such networks are often trained with an auxiliary head on one of their cells and with drop path; neither "
            "is in here."
        )
    counts = space.counts(architecture)
    return ABOUT.format(
        title=_quoted(space.title),
        python=PYTHON,
        packages=" and ".join(sorted(set(packages) - sys.stdlib_module_names)),
        architecture=_quoted(str(architecture)),
        genotype=genotype,
        parameters=counts.parameters,
        flops=counts.flops,
        size=space.input_size,
        classes=space.classes,
        remarks=textwrap.fill(" ".join(remarks), COLUMNS),
    )


def _quoted(text: str) -> str:
    """As it stands in a docstring."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _imports(copied: Copied) -> str:
    """All imports, those of the standard library first."""
    groups = ["from __future__ import annotations"]
    ordered = sorted(copied.imports, key=lambda each: (_is_foreign(each), each.name is not None, each))
    for _, group in groupby(ordered, key=_is_foreign):
        groups.append("\n".join(_statements(group)))
    return "\n\n".join(groups)


def _statements(imports: Iterable[Import]) -> Iterable[str]:
    """Those from one module in one statement."""
    for (module, whole), group in groupby(imports, key=lambda each: (each.module, each.name is None)):
        if whole:
            yield from map(str, group)
        else:
            names = [str(each).partition(" import ")[2] for each in group]
            yield f"from {module} import {', '.join(names)}"


def _is_foreign(each: Import) -> bool:
    return each.module.partition(".")[0] not in sys.stdlib_module_names


def _whole(space: SearchSpace, call: Expression) -> str:
    """The class of the whole network, and the program."""
    backbone = replace(call, opening=f"self.backbone = {call.opening}").laid_out(indent=8)
    return WHOLE.format(line=RULE, name=NETWORK, classes=space.classes, size=space.input_size, backbone=backbone)


def _check(source: str, expected: nn.Module) -> None:
    """Raise UserError unless the module makes a network with the parameters of ``expected``, in their order."""
    import torch

    module = ModuleType(f"standalone_{uuid4().hex}")
    sys.modules[module.__name__] = module  # dataclasses look their module up
    try:
        exec(compile(source, module.__name__, "exec"), vars(module))
        with torch.device("meta"):
            found = vars(module)[NETWORK]()
    except Exception as error:
        raise UserError(f"it does not run by itself ({type(error).__name__}: {error})") from error
    finally:
        del sys.modules[module.__name__]
    if [each.shape for each in found.parameters()] != [each.shape for each in expected.parameters()]:
        raise UserError(f"the arguments of {found.backbone.__class__.__name__} do not tell all of the network")
