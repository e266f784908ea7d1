"""Longer explanations, one Markdown file each."""

from pathlib import Path

APP = Path(__file__).parents[1]


def text(feature: str, name: str) -> str:
    """Markdown of the file ``name.md`` in the folder ``text`` of a feature."""
    return (APP / feature / "text" / f"{name}.md").read_text("utf-8")
