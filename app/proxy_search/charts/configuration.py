"""Diagram of a proxy configuration: what is trained, what is frozen, and what each branch has to learn."""

from __future__ import annotations

from app.charts.dot import beginning, ink, label, wrapped
from app.charts.palette import BARRIER, GREEN, text_on
from app.proxy_search.charts.components import STAGE_TITLES, value_text
from eproxy_engine.proxy import Branch, Configuration
from eproxy_engine.proxy.choices import GRID, LAST

_STAGES = {
    "before_first": "before the\\n1st downsampling",
    "before_second": "before the\\n2nd downsampling",
    "deepest": "deepest stage",
}
"""Stages in order, starting at the images."""


def configuration_dot(configuration: Configuration, dark: bool) -> str:
    """Return the Graphviz source of the diagram: images, network, one row per branch, the score, and a caption.

    Green: trained; blue and dashed: random and frozen, absent without a barrier.
    """
    given = configuration.canonical()
    line = ink(dark)
    images = f"{given.batch} image{'s' if given.batch > 1 else ''}"
    parts = [
        beginning("configuration", dark),
        f"label={label(*_caption(given), left=True)}; labelloc=b; labeljust=l;",
        f"images [label={label(images)}];",
        _network(given),
        "images -> network:before_first;",
        *reversed([_branch(branch, i, given, line) for i, branch in enumerate(given.branches)]),
        f"score [label={label(*_score(given))}, penwidth=2.5];",
        *(f"loss_{branch.stage} -> score;" for branch in reversed(given.branches)),
    ]
    return "\n".join(parts) + "\n}\n"


def _network(given: Configuration) -> str:
    """Draw one box with a compartment per stage: unlike boxes of a cluster, Graphviz keeps their order."""
    width = f"{given.width} channels" if isinstance(given.width, int) else f"{given.width} width"
    stages = "|".join(f"<{stage}> {title}" for stage, title in _STAGES.items())
    return f'network [shape=Mrecord, label="architecture,\\n{width}|{stages}", {_filled(GREEN)}, color=white];'


def _branch(branch: Branch, i: int, given: Configuration, line: str) -> str:
    """Draw the boxes of the ``i``-th branch, named after its stage: transform layer, barrier layer, target, loss."""
    stage, barrier = branch.stage, given.barrier
    weight = [f"weight 1/{2**i}" if i else "weight 1"] if given.branch_weights == "halving" else []
    kernel, frozen = branch.transform_kernel, branch.barrier_kernel
    channels = branch.c_out if barrier else branch.c_mid
    features = wrapped(f"{value_text(branch.features)} × {branch.coefficient:g}")
    target = label("target", *features, f"{channels} channels")
    transform = label("transform layer", f"{kernel}×{kernel}, {branch.c_mid} channels")
    lines = [
        f"transform_{stage} [label={transform}, {_filled(GREEN)}];",
        f"target_{stage} [label={target}, shape=note, style=filled];",
        f"loss_{stage} [label={label('loss', STAGE_TITLES[stage], *weight)}];",
        f"network:{stage} -> transform_{stage} [weight=3, label={label('resized', f'to {GRID}×{GRID}')}];",
    ]
    last = f"transform_{stage}"
    if barrier:
        text = label("barrier layer", f"{frozen}×{frozen}, {channels} channels", "random, frozen")
        dashed = f'style="rounded,filled,dashed", penwidth=1.5, fillcolor="{BARRIER}", fontcolor="{text_on(BARRIER)}"'
        lines += [
            f'barrier_{stage} [label={text}, {dashed}, color="{line}"];',
            f"{last} -> barrier_{stage} [weight=3];",
        ]
        last = f"barrier_{stage}"
    return "\n".join([*lines, f"{last} -> loss_{stage} [weight=3];", f"target_{stage} -> loss_{stage};"])


def _filled(fill: str) -> str:
    return f'fillcolor="{fill}", color="{fill}", fontcolor="{text_on(fill)}"'


def _score(given: Configuration) -> list[str]:
    """Write the formula of the score, branches in order from the deepest."""
    losses = ["− loss" if len(given.branches) == 1 else "− sum of the losses"]
    if given.read_out != LAST:
        losses.append(f"at iteration {given.read_out}")
    alpha = given.flops_weight
    sign = "−" if alpha < 0 else "+"
    norm = "norm" if given.flops_norm == "possible" else "measured norm"
    factor = [f"× (1 {sign} {abs(alpha):g} · {norm}(FLOPs))"] if alpha else []
    return ["score", *losses, *factor]


def _caption(given: Configuration) -> list[str]:
    """Describe what the diagram does not show."""
    inits = f"initial weights {value_text(given.network_init)}"
    if given.barrier:
        inits += f", of the barrier {value_text(given.barrier_init)}"
    precision = "" if given.precision == "float32" else f", {given.precision}"
    return [
        f"learning rate {given.learning_rate:g}, FLOPs weight α {value_text(given.flops_weight)}, {inits}",
        f"{given.iterations} iterations, momentum {given.momentum:g}, weight decay {given.weight_decay:g}{precision}",
    ]
