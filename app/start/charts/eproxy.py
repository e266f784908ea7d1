"""Diagram of Eproxy (Fig. 4 of the paper, simplified)."""

from app.charts.palette import BARRIER


def eproxy_dot(dark: bool, barrier: bool = True) -> str:
    """Return the Graphviz source of the diagram for the dark or the light theme, with the barrier or without."""
    line = "#C9D3DA" if dark else "#3B4A54"
    node = (
        f'barrier [label="barrier layer\\nrandom, frozen", fillcolor="{BARRIER}", color="{BARRIER}", fontcolor=white];'
    )
    way = "transform -> barrier -> loss" if barrier else "transform -> loss"
    return f"""
digraph eproxy {{
    rankdir=LR; bgcolor=transparent; nodesep=0.25; ranksep=0.4;
    node [shape=box, style="rounded,filled", fontname="sans-serif", fontsize=12, margin="0.16,0.09",
          fillcolor=transparent, color="{line}", fontcolor="{line}"];
    edge [color="{line}", fontcolor="{line}", fontname="sans-serif", fontsize=11];
    images [label="16 images"];
    network [label="architecture\\nwithout its head\\n(trained)"];
    transform [label="transform layer\\n(trained)"];
    {node if barrier else ""}
    loss [label="loss after\\n10 iterations", penwidth=2.5];
    target [label="synthetic target"];
    images -> network -> {way};
    target -> loss;
}}
"""
