"""Programs that carry gradients from some outputs of a network back to others, and to no weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from eproxy_engine.native.layout import Layout
from eproxy_engine.native.operations import Node, Untraceable, Value
from eproxy_engine.native.plan import Channels, Plan, Step, is_trained, overlap


@dataclass(frozen=True)
class Passage:
    """The way back from some outputs of a network to earlier ones."""

    later: list[Value]
    """Where gradients are given."""
    earlier: list[Value]
    """Where they arrive: zeros if an output of either kind is constant."""
    steps: range
    """The steps back of the program."""


def passages(
    plan: Plan, images: int, between: Sequence[tuple[Sequence[int], Sequence[int]]]
) -> tuple[Layout, list[Passage]]:
    """Lay out a program whose way back consists of passages.

    Args:
        plan: Plan of a network, with outputs that are not separate. It is changed.
        images: Number of images.
        between: Numbers of the earlier and of the later outputs of each passage, in the order in which they are run.

    Raises:
        Untraceable: If a passage begins at several outputs of which one is part of another.
    """
    outputs, ends = plan.graph.outputs, _ends(plan)
    found, steps = list[Passage](), list[Step]()
    ways = [([outputs[each] for each in earlier], [outputs[each] for each in later]) for earlier, later in between]
    constant = _constant(plan)
    varying = [constant.isdisjoint((*earlier, *later)) for earlier, later in ways]
    nodes = [_between(plan, ends, *way) if varies else [] for way, varies in zip(ways, varying, strict=True)]
    plan.carrying = {value for way in nodes for node in way for value in (*node.inputs, node.output)}
    for (earlier, later), way, varies in zip(ways, nodes, varying, strict=True):
        if any(overlap(*map(plan.channels, pair)) for pair in combinations(later, 2)):
            raise Untraceable("has blocks whose outputs overlap")
        first = len(steps)
        steps += plan.back(way, later if varies else [], earlier)
        found.append(Passage(later, earlier, range(first, len(steps))))
    plan.backward, plan.trained, plan.kept = steps, [], list(outputs)
    return Layout.of(plan, images), found


def _ends(plan: Plan) -> dict[Value, int]:
    """Return after how many nodes each output is finished."""
    ends = dict.fromkeys(plan.graph.outputs, 0)
    within: dict[Value, list[Value]] = {}
    for value in ends:
        within.setdefault(plan.located(value)[0], []).append(value)
    for number, node in enumerate(plan.graph.nodes, 1):
        written = plan.written(node)
        for value in within.get(written[0], ()):
            if overlap(written, plan.channels(value)):
                ends[value] = number
    return ends


def _constant(plan: Plan) -> set[Value]:
    """Return the outputs that depend on no trained parameter."""
    varying: dict[Value, list[Channels]] = {}

    def varies(value: Value) -> bool:
        channels = plan.channels(value)
        return any(overlap(each, channels) for each in varying.get(channels[0], ()))

    for node in plan.graph.nodes:
        if is_trained(node) or any(map(varies, node.inputs)):
            written = plan.written(node)
            varying.setdefault(written[0], []).append(written)
    return {value for value in plan.graph.outputs if not varies(value)}


def _between(plan: Plan, ends: dict[Value, int], earlier: list[Value], later: list[Value]) -> list[Node]:
    """Return the nodes on the ways between values; a few more where parts of values lie next to each other."""
    first, last = min(ends[value] for value in earlier), max(ends[value] for value in later)
    nodes = plan.graph.nodes[first:last]
    reached, leading = _roots(plan, earlier), _roots(plan, later)
    forward = [node for node in nodes if _extended(reached, _roots(plan, node.inputs), _roots(plan, [node.output]))]
    back = [
        node for node in forward[::-1] if _extended(leading, _roots(plan, [node.output]), _roots(plan, node.inputs))
    ]
    for value in earlier:
        for node in plan.graph.nodes[first : ends[value]]:
            if node in back and any(overlap(plan.channels(each), plan.channels(value)) for each in node.inputs):
                raise Untraceable("has a block whose outputs are made of each other")
    return back[::-1]


def _roots(plan: Plan, values: Sequence[Value]) -> set[Value]:
    return {plan.located(value)[0] for value in values}


def _extended(found: set[Value], where: set[Value], by: set[Value]) -> bool:
    """Whether anything of ``where`` was found; then ``by`` is, too."""
    if found.isdisjoint(where):
        return False
    found |= by
    return True
