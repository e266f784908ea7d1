"""Name, tags and note that a person gives a run. They say what it is for, and change nothing that it computes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from eproxy_engine.errors import UserError, shown
from eproxy_engine.foreign import reading

LONGEST_NAME, LONGEST_TAG, LONGEST_NOTE = 120, 30, 5000
"""In characters."""
MOST_TAGS = 12
ACCEPTED = "a name and a note as texts, tags as a list of texts"


@dataclass(frozen=True)
class Labels:
    """What a person calls a run. All of it is plain text."""

    name: str = ""
    """Empty for the title of the specification."""
    tags: tuple[str, ...] = ()
    note: str = ""

    def checked(self) -> Labels:
        """Return the labels without needless space and doubled tags.

        Raises:
            UserError: If a text is too long, or there are too many tags.
        """
        name = " ".join(_printable(self.name).split())
        tags = tuple(dict.fromkeys(filter(None, (" ".join(_printable(tag).split()) for tag in self.tags))))
        note = "\n".join(_printable(line).rstrip() for line in self.note.splitlines()).strip()
        _check_length("name", name, LONGEST_NAME)
        _check_length("note", note, LONGEST_NOTE)
        for tag in tags:
            _check_length("tag", tag, LONGEST_TAG)
        if len(tags) > MOST_TAGS:
            raise UserError(f"{len(tags)} tags; accepted: up to {MOST_TAGS}")
        return Labels(name, tags, note)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON, without what is empty."""
        values = {"name": self.name, "tags": list(self.tags), "note": self.note}
        return {key: value for key, value in values.items() if value}

    @classmethod
    def from_dict(cls, values: Any) -> Labels:
        """Return the labels in untrusted plain values. Raises UserError."""
        with reading("the labels of a run", ACCEPTED):
            name, tags, note = (values.get(key, empty) for key, empty in (("name", ""), ("tags", []), ("note", "")))
            if not all(isinstance(text, str) for text in (name, note, *tags)):
                raise UserError(f"the labels {shown(values)}; accepted: {ACCEPTED}")
        return cls(name, tuple(tags), note).checked()


def stored(labels: Labels) -> tuple[str | None, str | None, str | None]:
    """Return the labels as columns of the store."""
    return labels.name or None, json.dumps(labels.tags) if labels.tags else None, labels.note or None


def _printable(text: str) -> str:
    """Replace control characters, which would disturb a terminal."""
    return "".join(each if each.isprintable() else " " for each in text)


def _check_length(what: str, text: str, most: int) -> None:
    if len(text) > most:
        raise UserError(f"the {what} {shown(text, 40)} has {len(text):,} characters; accepted: up to {most:,}")
