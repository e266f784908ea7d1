"""The steps of a plan as the records that the kernels read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ctypes import Array
from typing import Any

from eproxy_engine.native.layout import Layout
from eproxy_engine.native.library import Operation
from eproxy_engine.native.operations import Convolution, Node, Normalisation, Pooling
from eproxy_engine.native.plan import Step

KINDS = ("convolution", "depthwise", "normalisation", "pooling", "resizing", "window", "rectifier", "copy")
"""In the order of ``kernels/vectors.h``, where each is followed by its way back, and ``CLEAR`` by nothing."""
CLEAR = 2 * len(KINDS)


def records(layout: Layout, start: int, gradients: Mapping[int, int]) -> tuple[Array[Operation], Array[Operation]]:
    """Return the records of all steps forward, and of those backward.

    Args:
        layout: Where everything lies.
        start: Address of the memory.
        gradients: Address of the gradient of each trained parameter, by its identity.
    """
    settings = {step.node: _settings(step.node, gradients) for step in layout.plan.forward if step.node is not None}

    def made(steps: Sequence[Step]) -> Array[Operation]:
        return (Operation * len(steps))(
            *(
                _cleared(step, layout, start)
                if step.node is None or step.node.kind == "zeros"
                else Operation(**settings[step.node], **_places(step, step.node, layout, start))
                for step in steps
            )
        )

    return made(layout.plan.forward), made(layout.plan.backward)


def _cleared(step: Step, layout: Layout, start: int) -> Operation:
    if step.node is None:
        assert step.cleared is not None
        (value, first, count), buffers = step.cleared, layout.gradients
    else:
        (value, first, count), buffers = layout.plan.written(step.node), layout.data
    y = start + layout.address(buffers, value, first)
    return Operation(kind=CLEAR, channels_out=count, rows_out=value.rows, columns_out=value.columns, y=y)


def _settings(node: Node, gradients: Mapping[int, int]) -> dict[str, Any]:
    """Return what does not depend on where things lie, and where parameters do."""
    settings, found = node.settings, dict[str, Any](groups=1, stride=node.step, offset=node.offset)
    if isinstance(settings, Convolution):
        found |= {
            "kernel": tuple(settings.weight.shape[2:]),
            "stride": settings.stride,
            "padding": settings.padding,
            "dilation": settings.dilation,
            "groups": settings.groups,
            "weight": settings.weight.data_ptr(),
            "dweight": gradients.get(id(settings.weight)),
        }
        if settings.bias is not None:
            found |= {"bias": settings.bias.data_ptr(), "dbias": gradients.get(id(settings.bias))}
    elif isinstance(settings, Pooling):
        found |= {"kernel": settings.kernel, "stride": settings.stride, "padding": settings.padding}
        found["mode"] = int(settings.largest)
    elif node.kind == "resizing":
        found["mode"] = int(node.bilinear)
    norm = settings if isinstance(settings, Normalisation) else node.normalisation
    if norm is not None:
        found |= {"gamma": norm.gamma.data_ptr(), "beta": norm.beta.data_ptr(), "epsilon": norm.epsilon}
        found |= {"dgamma": gradients.get(id(norm.gamma)), "dbeta": gradients.get(id(norm.beta))}
    return found


def _places(step: Step, node: Node, layout: Layout, start: int) -> dict[str, Any]:
    """Return shapes, addresses of values, and how the step writes."""
    (x,), settings = node.inputs, node.settings
    depthwise = isinstance(settings, Convolution) and settings.depthwise
    y = start + layout.address(layout.data, node.output, node.aside)
    found = {
        "kind": 2 * KINDS.index("depthwise" if depthwise else node.kind) + step.back,
        "rectified_input": node.rectified_input,
        "rectified_output": node.rectified_output,
        "normalised": node.normalisation is not None,
        "adds_output": node.adds,
        "adds_gradient": step.adds,
        "channels_in": x.channels,
        "rows_in": x.rows,
        "columns_in": x.columns,
        "channels_out": x.channels if node.kind == "copy" else node.output.channels,
        "rows_out": node.output.rows,
        "columns_out": node.output.columns,
        "x": start + layout.address(layout.data, x),
        "y": y,
        "z": y,
    }
    for name, buffers in (("z", layout.raw), ("saved", layout.saved), ("winners", layout.winners)):
        if node in buffers:
            found[name] = start + buffers[node].offset
    if step.back:
        found["dy"] = start + layout.address(layout.gradients, node.output, node.aside)
        if x in layout.plan.carrying:
            found["dx"] = start + layout.address(layout.gradients, x)
    return found
