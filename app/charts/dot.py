"""Common parts of Graphviz drawings: ink for each theme, and labels that cannot break out of their quotes."""

from __future__ import annotations

import textwrap

_WIDEST = 24
_NO_BREAK = "\u00a0"


def ink(dark: bool) -> str:
    """Return the colour of lines and of text on the page itself."""
    return "#C9D3DA" if dark else "#3B4A54"


def beginning(name: str, dark: bool) -> str:
    """Begin a drawing from left to right, with rounded unfilled boxes on the page's own background."""
    line = ink(dark)
    return (
        f"digraph {name} {{\n"
        f'graph [rankdir=LR, bgcolor=transparent, pad=0.05, nodesep=0.2, ranksep=0.35, fontname="sans-serif", '
        f'fontsize=12, fontcolor="{line}", color="{line}"];\n'
        f'node [shape=box, style="rounded,filled", fillcolor=transparent, color="{line}", fontcolor="{line}", '
        f'fontname="sans-serif", fontsize=12, margin="0.14,0.08"];\n'
        f'edge [color="{line}", fontcolor="{line}", fontname="sans-serif", fontsize=11, arrowsize=0.6];\n'
    )


def label(*lines: str, left: bool = False) -> str:
    """Return a DOT string that shows ``lines`` verbatim, one below the other; ``left``: flush left, not centred.

    >>> print(label('a "b"', "c & d"))
    "a \\"b\\"\\nc &amp; d"
    """
    end = "\\l" if left else "\\n"
    text = end.join(map(_escaped, lines)) + (end if left else "")
    return f'"{text}"'


def wrapped(text: str, indent: str = "") -> list[str]:
    """Wrap text at 24 characters, because wider boxes shrink all text; ``indent``: for all lines but the first.

    What belongs together stays on one line.

    >>> wrapped("before 2nd: transform kernel 7 → 3")
    ['before 2nd: transform', 'kernel 7 → 3']
    """
    for sign in (" → ", " × ", "wave "):
        text = text.replace(sign, sign.replace(" ", _NO_BREAK))
    lines = textwrap.wrap(text, _WIDEST, subsequent_indent=indent, break_on_hyphens=False)
    return [line.replace(_NO_BREAK, " ") for line in lines]


def _escaped(text: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in text)
    return printable.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
