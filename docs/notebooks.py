"""Makes the notebooks of docs/tutorials from plain Python: ``python -m docs.notebooks [NAME …]``.

A cell begins with ``# %%``; one of text with ``# %% [markdown]``. The cell tagged ``parameters`` has the budgets, which
tests make small. Cells run in one process, in order, in a data directory of their own.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import re
import sys
import tempfile
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TUTORIALS = Path(__file__).with_name("tutorials")
START = re.compile(r"^# %%(?P<markdown> \[markdown\])?(?P<parameters> tags=\[\"parameters\"\])?\n", re.MULTILINE)


@dataclass(frozen=True)
class Cell:
    """A cell of a notebook: its text, or its code."""

    source: str
    markdown: bool = False
    parameters: bool = False


def cells(path: Path) -> list[Cell]:
    """The cells of a file."""
    text = path.read_text("utf-8")
    starts = list(START.finditer(text))
    ends = [start.start() for start in starts[1:]] + [len(text)]
    found = []
    for start, end in zip(starts, ends, strict=True):
        markdown = bool(start["markdown"])
        body = text[start.end() : end].strip("\n")
        source = re.sub(r"^# ?", "", body, flags=re.MULTILINE) if markdown else body
        found.append(Cell(source, markdown, bool(start["parameters"])))
    return found


def executed(tutorial: list[Cell], budgets: dict[str, Any] | None = None) -> Iterator[tuple[Cell, str, Any]]:
    """Run the cells of code: each with what it printed, and the value of its last line if that is an expression.

    ``budgets``: what stands for the values of the cell tagged ``parameters``.
    """
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in tutorial:
        if cell.markdown:
            yield cell, "", None
            continue
        *before, last = ast.parse(cell.source).body
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            value = None
            if isinstance(last, ast.Expr):
                exec(compile(ast.Module(before, []), "<cell>", "exec"), names)
                value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)
            else:
                exec(compile(cell.source, "<cell>", "exec"), names)
        if cell.parameters:
            names.update(budgets or {})
        yield cell, printed.getvalue(), value


def notebook(tutorial: list[Cell], png: Callable[[Any], bytes]) -> dict[str, Any]:
    """The notebook with its outputs, as nbformat 4.5 writes it; ``png`` draws a figure."""
    written = []
    for number, (cell, printed, value) in enumerate(executed(tutorial), 1):
        common = {"id": f"cell-{number}", "metadata": {}, "source": cell.source.splitlines(keepends=True)}
        if cell.markdown:
            written.append({"cell_type": "markdown", **common})
            continue
        if cell.parameters:
            common["metadata"] = {"tags": ["parameters"]}
        outputs = [{"output_type": "stream", "name": "stdout", "text": printed.splitlines(keepends=True)}]
        shown = [{"output_type": "display_data", "metadata": {}, "data": _data(value, png)}]
        written.append(
            {
                "cell_type": "code",
                **common,
                "execution_count": None,
                "outputs": outputs * bool(printed) + shown * (value is not None),
            }
        )
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {
        "cells": written,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _data(value: Any, png: Callable[[Any], bytes]) -> dict[str, str]:
    if hasattr(value, "to_plotly_json"):
        return {"image/png": b64encode(png(value)).decode()}
    data = {"text/plain": repr(value)}
    if hasattr(value, "to_frame"):
        value = value.to_frame()
    if hasattr(value, "_repr_html_"):
        data["text/html"] = value._repr_html_()
    return data


@contextlib.contextmanager
def browser() -> Iterator[Callable[[Any], bytes]]:
    """Give a function that draws a figure of Plotly in Chromium."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import FLAGS
    from tests.browser.install_chromium import system_chromium

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=system_chromium(), args=FLAGS)
        page = chromium.new_page(viewport={"width": 760, "height": 480})

        def png(figure: Any) -> bytes:
            page.set_content(figure.to_html(config={"displayModeBar": False}), timeout=120_000)
            page.wait_for_selector(".js-plotly-plot .main-svg", state="attached", timeout=120_000)
            page.wait_for_timeout(1000)
            return page.screenshot()

        yield png
        chromium.close()


def main(names: list[str]) -> None:
    """Write the notebooks of these names, or all."""
    with tempfile.TemporaryDirectory() as home, browser() as png:
        os.environ["EPROXY_HOME"] = home
        for source in sorted(TUTORIALS.glob("*.py")):
            if not names or source.stem in names:
                made = notebook(cells(source), png)
                source.with_suffix(".ipynb").write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
