"""What users wrote is shown word for word: `|nor_conv_3x3~0|` and `/data/*best*` are no Markdown."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from streamlit.testing.v1 import AppTest

from app.shell.wording import plain
from tests.app.driving import ROOT, control, opened, read

FILES = [path for folder in ("app", "pages") for path in sorted((ROOT / folder).rglob("*.py"))]
MARKDOWN = {
    *("button", "caption", "checkbox", "expander", "header", "info", "link_button", "markdown", "metric", "page_link"),
    *("popover", "spinner", "subheader", "success", "title", "toast", "toggle", "write"),
}
"""Methods of Streamlit whose first argument is Markdown."""
OF_USERS = {"architecture", "error", "images", "name", "note", "source", "title"}
"""Attributes, and keys, of what users may have written: files, plug-ins, imports, runs."""
MESSAGES = {"error", "warning"}
MISTYPED = "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|*_x_*~2|"


def calls(tree: ast.AST, methods: set[str]) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in methods:
            yield node


def unguarded(node: ast.AST) -> Iterator[ast.AST]:
    """Parts of an expression that say what a user wrote, but for those that :func:`plain` makes harmless."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "plain":
        return
    if isinstance(node, ast.Attribute) and node.attr in OF_USERS:
        yield node
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and node.slice.value in OF_USERS:
        yield node
    for part in ast.iter_child_nodes(node):
        yield from unguarded(part)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_that_users_wrote_is_shown_as_markdown(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for call in calls(tree, MARKDOWN):
        for argument in call.args[:1] + [each.value for each in call.keywords if each.arg in ("help", "label")]:
            found = [ast.unparse(each) for each in unguarded(argument)]
            assert not found, f"line {call.lineno}: plain(…) around {found}"


@pytest.mark.parametrize("path", [path for path in FILES if path != ROOT / "app" / "shell" / "errors.py"], ids=str)
def test_errors_and_warnings_are_shown_in_one_way(path: Path) -> None:
    lines = [call.lineno for call in calls(ast.parse(path.read_text(encoding="utf-8")), MESSAGES)]
    assert not lines, f"lines {lines}: show_error or show_warning of app/shell/errors.py"


@example("|nor_conv_3x3~0|+|none~0|~~gone~~|")
@example("folder:/data/*best*_set/<b>&amp;$x$ https://a.b :red[c] # d")
@given(
    st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1).filter(lambda text: text == text.strip())
)
def test_plain_text_reads_as_it_was_written(text: str) -> None:
    """By another reader of Markdown than Streamlit's, with the same tables, links and struck out text."""
    parsed = MarkdownIt("gfm-like", {"linkify": False}).parse(plain(text))
    assert [block.type for block in parsed] == ["paragraph_open", "inline", "paragraph_close"]
    pieces = parsed[1].children
    assert pieces is not None
    assert {piece.type for piece in pieces} <= {"text", "text_special"}
    assert "".join(piece.content for piece in pieces) == text


def test_a_mistyped_architecture_is_told_as_it_was_typed(app: AppTest) -> None:
    opened(app, "architectures")
    control(app, "selectbox", "Sample").select("picked").run()
    app.text_area[0].set_value(MISTYPED).run()
    (error,) = app.error
    assert MISTYPED in read(error)
    assert error.value == plain(read(error))
    assert "accepted: three nodes of operation~source, as in |" in read(error)
