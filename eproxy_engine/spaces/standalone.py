"""Export of an architecture's network as one Python file that needs only torch.

The modules of a family's networks are joined in the order of :data:`MODULES`. They may import torch, the standard
library and each other, and no two of them define the same name.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterable
from importlib import import_module
from itertools import chain, groupby
from pprint import pformat
from typing import TYPE_CHECKING, Any

from eproxy_engine.errors import UserError
from eproxy_engine.spaces.cells.space import CellSpace
from eproxy_engine.spaces.interface import SearchSpace

if TYPE_CHECKING:
    from eproxy_engine.spaces.backbone import Backbone

NETWORK = "FoundNetwork"
"""Class name in the file."""
SPACES = "eproxy_engine.spaces"
MODULES = {
    "nasbench101": ("nasbench101.cell", "nasbench101.network"),
    "nasbench201": ("four_node.network", "nasbench201.network"),
    "nasbenchmr": ("nasbenchmr.code", "nasbenchmr.network"),
    "transnas101": ("four_node.network", "transnas101.skeleton", "transnas101.network"),
    "anynet": ("anynet.architecture", "anynet.network"),
    "cells": ("cells.genotype", "cells.operations", "cells.network"),
}
"""Modules of each family's networks; a module follows those that it needs."""
COLUMNS = 120
RULE = "-" * 20
"""Start of the comment above each part of the file."""

FILE = '''\
"""{title}: the network of one architecture, ready to train.

Written by Eproxy Studio. Needs only Python 3.11 or newer and torch.

The architecture is

    {architecture}
{genotype}
Parameters: {parameters:,}
FLOPs:      {flops:,} multiply–accumulates of convolutions and linear layers for one image
Images:     [b, 3, {size}, {size}]
Logits:     [b, {classes}]

{remarks}
"""

from __future__ import annotations

{imports}

{definitions}


# {rule} the network


class {name}(nn.Module):
    """The whole network: images ``[b, 3, h, w]`` -> logits ``[b, classes]``."""

    def __init__(self, classes: int = {classes}) -> None:
        super().__init__()
        self.backbone = {backbone}
        self.classifier = self.backbone.classifier(classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.backbone(x)[0])


if __name__ == "__main__":
    network = {name}().eval()
    with torch.no_grad():
        logits = network(torch.randn(1, 3, {size}, {size}))
    print(f"{{sum(p.numel() for p in network.parameters()):,}} parameters, logits {{list(logits.shape)}}")
'''


def module_source(space: SearchSpace, architecture: Any) -> str:
    """Write a Python module that defines an architecture's network at the published width.

    The class :data:`NETWORK` is a ``torch.nn.Module`` from images ``[b, 3, h, w]`` to logits ``[b, classes]``, with
    the parameters of the built backbone and its classifier in the same order. Run as a program, the module passes one
    image through the network.

    Args:
        space: A built-in search space.
        architecture: An architecture of ``space``.

    Returns:
        Source text of the module.

    Raises:
        UserError: If ``space`` comes from a plug-in.
    """
    import torch

    refused = refusal(space)
    if refused:
        raise UserError(f"no file for {str(architecture)!r}: {refused}")
    modules = [f"{SPACES}.{name}" for name in MODULES[_family(space)]]
    with torch.device("meta"):
        backbone = space.build(architecture, space.published_width, space.input_size)
    genotype, remarks = "", ["Its weights are random.", f"For another number of classes, make {NETWORK}(classes=…)."]
    if isinstance(space, CellSpace):
        genotype = f"\nor, as DARTS writes it,\n\n    {space.genotype_text(architecture)}\n"
        remarks.append(
            "Such networks are often trained with an auxiliary head on one of their cells and with drop path; neither "
            "is included."
        )
    counts = space.counts(architecture)
    return FILE.format(
        title=space.title,
        architecture=architecture,
        genotype=genotype,
        parameters=counts.parameters,
        flops=counts.flops,
        size=space.input_size,
        classes=space.classes,
        remarks=textwrap.fill(" ".join(remarks), COLUMNS),
        imports=_merged_imports(modules),
        definitions="\n\n\n".join(map(_definitions, modules)),
        rule=RULE,
        name=NETWORK,
        backbone=_call(backbone),
    )


def refusal(space: SearchSpace) -> str | None:
    """Say in one line why networks of ``space`` cannot be exported; None if they can."""
    if _family(space) in MODULES:
        return None
    return f"{space.title} is a plug-in, and networks of plug-ins cannot be exported; accepted: built-in search spaces"


def _family(space: SearchSpace) -> str:
    """Return the folder of a built-in space; an empty text for a plug-in's."""
    package, _, family = type(space).__module__.rpartition(".")[0].rpartition(".")
    return family if package == SPACES else ""


def _merged_imports(modules: Iterable[str]) -> str:
    """Merge the imports of the modules and of the file itself, the standard library first."""
    found = {("torch", ""), ("torch", "Tensor"), ("torch", "nn")}
    for statement in chain.from_iterable(map(_imports, modules)):
        if isinstance(statement, ast.Import):
            found |= {(alias.name, "") for alias in statement.names}
        elif not str(statement.module).startswith(("__future__", SPACES)):
            found |= {(str(statement.module), alias.name) for alias in statement.names}
    ordered = sorted((module.partition(".")[0] == "torch", name != "", module, name) for module, name in found)
    blocks = []
    for _, block in groupby(ordered, key=lambda each: each[0]):
        lines = []
        for (_, by_name, module), group in groupby(block, key=lambda each: each[:3]):
            names = ", ".join(name for *_, name in group)
            lines.append(f"from {module} import {names}" if by_name else f"import {module}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _imports(module: str) -> list[ast.Import | ast.ImportFrom]:
    """List the import statements of a module, which has at least one, of ``__future__``."""
    tree = ast.parse(inspect.getsource(import_module(module)))
    return [each for each in tree.body if isinstance(each, ast.Import | ast.ImportFrom)]


def _definitions(module: str) -> str:
    """Return the code below a module's imports, after a comment with its name and docstring.

    ``nn.Module`` replaces :class:`Backbone` as the base class, which only the engine needs.
    """
    imported = import_module(module)
    code = inspect.getsource(imported).splitlines()[_imports(module)[-1].end_lineno :]
    about = [f"{RULE} from {module}", *str(imported.__doc__).splitlines()]
    comment = "\n".join(f"# {line}".rstrip() for line in about)
    return f"{comment}\n\n\n" + "\n".join(code).strip().replace("(Backbone)", "(nn.Module)")


def _call(backbone: Backbone) -> str:
    """Write the call that makes the backbone, one argument per line."""
    arguments, keywords = backbone.made_with
    _, *given = inspect.signature(type(backbone).__init__).bind(backbone, *arguments, **keywords).arguments.items()
    lines = [f"{type(backbone).__name__}("]
    for name, value in given:
        start = " " * 12 + f"{name}="
        text = pformat(value, width=COLUMNS - len(start) - 1, compact=True, sort_dicts=False)
        lines.append(start + text.replace("\n", "\n" + " " * len(start)) + ",")
    return "\n".join([*lines, " " * 8 + ")"])
