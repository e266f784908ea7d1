"""Longer explanations, one Markdown file each."""

from pathlib import Path


def text(name: str) -> str:
    """The Markdown of ``name.md`` in this folder."""
    return (Path(__file__).parent / f"{name}.md").read_text("utf-8")
