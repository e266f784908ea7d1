"""Simplifying a traced network: fewer passes over memory, the same values up to rounding."""

from __future__ import annotations

from eproxy_engine.native.operations import Convolution, Graph, Node, Normalisation, Value

ADDING = ("pooling", "resizing", "window", "rectifier", "normalisation", "sum")
"""Operations that can add their result to a sum; so can a convolution with a normalisation."""


def simplified(graph: Graph, separate_outputs: bool = True) -> Graph:
    """Leave out what leads nowhere, and merge operations. The nodes are changed in place.

    Args:
        graph: What was traced.
        separate_outputs: Whether each output gets a gradient of its own.
    """
    _drop_zeros(graph)
    _remove_dead(graph)
    _merge_rectifiers(graph)
    _merge_normalisations(graph)
    if separate_outputs:
        _separate_outputs(graph)
    _write_into_sums(graph)
    return graph


def _drop_zeros(graph: Graph) -> None:
    """Leave out the terms of sums that are zero, and sums of one term."""
    zeros, same, kept = set[Value](), dict[Value, Value](), []
    for node in graph.nodes:
        node.inputs = [same.get(value, value) for value in node.inputs]
        if node.kind == "zeros":
            zeros.add(node.output)
        elif node.kind == "sum":
            node.inputs = [value for value in node.inputs if value not in zeros] or node.inputs[:1]
            if len(node.inputs) == 1:
                same[node.output] = node.inputs[0]
                continue
        kept.append(node)
    graph.nodes = kept
    graph.outputs = [same.get(value, value) for value in graph.outputs]


def _remove_dead(graph: Graph) -> None:
    alive, kept = set(graph.outputs), []
    for node in reversed(graph.nodes):
        if node.output in alive:
            kept.append(node)
            alive.update(node.inputs)
    graph.nodes = kept[::-1]


def _merge_rectifiers(graph: Graph) -> None:
    """Let normalisations rectify what they write, and convolutions what they read."""
    uses, makers, kept = graph.uses(), graph.makers(), []
    for node in graph.nodes:
        if node.kind != "rectifier":
            kept.append(node)
            continue
        (x,) = node.inputs
        maker, readers = makers.get(x), uses[node.output]
        if maker is not None and maker.kind == "normalisation" and uses[x] == [node]:
            maker.rectified_output, maker.output = True, node.output
            makers[node.output] = maker
        elif all(reader is not None and reader.kind == "convolution" for reader in readers):
            for reader in readers:
                assert reader is not None
                reader.inputs, reader.rectified_input = [x], True
            uses[x] = [each for each in uses[x] if each is not node] + readers
        else:
            kept.append(node)
    graph.nodes = kept


def _merge_normalisations(graph: Graph) -> None:
    """Let convolutions normalise their output."""
    uses, makers, kept = graph.uses(), graph.makers(), []
    for node in graph.nodes:
        maker = makers.get(node.inputs[0]) if node.kind == "normalisation" else None
        if maker is not None and uses[node.inputs[0]] == [node] and _can_normalise(maker):
            assert isinstance(node.settings, Normalisation)
            maker.normalisation, maker.raw = node.settings, maker.output
            maker.output, maker.rectified_output = node.output, node.rectified_output
            makers[node.output] = maker
        else:
            kept.append(node)
    graph.nodes = kept


def _can_normalise(node: Node) -> bool:
    settings = node.settings
    return isinstance(settings, Convolution) and settings.bias is None and not settings.depthwise


def _separate_outputs(graph: Graph) -> None:
    """Give each output that something else reads, or that is an output twice, a copy with a gradient of its own."""
    uses = graph.uses()
    for place, value in enumerate(graph.outputs):
        if uses[value] != [None] or value is graph.input:
            copied = Value(value.channels, value.rows, value.columns)
            graph.nodes.append(Node("copy", [value], copied))
            graph.outputs[place] = copied


def _write_into_sums(graph: Graph) -> None:
    """Let the terms of a sum be added where the sum lies, as they are made; copy those that something else reads."""
    uses, makers = graph.uses(), graph.makers()
    sums = {
        term: node.output
        for node in graph.nodes
        if node.kind == "sum"
        for term in node.inputs
        if len(uses[term]) == 1 and term in makers and _can_add(makers[term])
    }
    written, kept = set[Value](), []

    def goal(value: Value) -> Value:
        while value in sums:
            value = sums[value]
        return value

    def write(node: Node) -> None:
        node.output = goal(node.output)
        node.adds = node.output in written
        written.add(node.output)
        kept.append(node)

    for node in graph.nodes:
        if node.kind != "sum":
            write(node)
            continue
        for term in node.inputs:
            if term not in sums:
                write(Node("copy", [term], node.output))
    graph.nodes = kept


def _can_add(node: Node) -> bool:
    return node.kind in ADDING or (node.kind == "convolution" and node.normalisation is not None)
