"""Longer explanations, each in a Markdown file."""

from pathlib import Path

APP = Path(__file__).parents[1]


def text(feature: str, name: str) -> str:
    """Return the Markdown of the file ``name.md`` in the folder ``text`` of a feature."""
    return (APP / feature / "text" / f"{name}.md").read_text("utf-8")
