"""What property tests share: how many examples they try, and inputs that are almost right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis import strategies as st

from eproxy_engine.errors import UserError

T = TypeVar("T")

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([0, 1, -1, 2**31, 10**30, 10**400])
    | st.floats()
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def examples(share: float) -> settings:
    """So many times the examples of the profile: fewer for a property that costs much, more for one that costs little.

    The profile says how many there are: few in ``make test``, a hundred times as many in ``make fuzz``.
    """
    return settings(max_examples=max(1, round(share * settings.default.max_examples)))  # type: ignore[union-attr]


def damaged(content: bytes) -> st.SearchStrategy[bytes]:
    """The content with some bytes replaced, inserted or missing, or cut off; or other bytes altogether."""
    places = st.integers(0, len(content) - 1)
    changes = st.lists(st.tuples(places, st.integers(0, 3), st.binary(max_size=3)), min_size=1, max_size=3)
    return (
        changes.map(lambda chosen: _changed(content, chosen)) | places.map(lambda place: content[:place]) | st.binary()
    )


def damaged_text(text: str) -> st.SearchStrategy[str]:
    """The text likewise."""
    places = st.integers(0, len(text) - 1)
    new = st.text(max_size=3) | st.text("[]{}:,-*&!?|>#'\"0e.~<= \n", max_size=3)
    changes = st.lists(st.tuples(places, st.integers(0, 3), new), min_size=1, max_size=3)
    cut = places.map(lambda place: text[:place])
    return changes.map(lambda chosen: _changed(text, chosen)) | cut | st.text()


def _changed(content: Any, changes: list[tuple[int, int, Any]]) -> Any:
    for place, removed, new in changes:
        content = content[:place] + new + content[place + removed :]
    return content


@st.composite
def altered(draw: st.DrawFn, value: Any) -> Any:
    """A plain value with one of its parts, at any depth, replaced by another, left out, or added to."""
    if not isinstance(value, dict | list) or not value or draw(st.integers(0, 4)) == 0:
        return draw(JSON)
    where = draw(st.sampled_from(sorted(value) if isinstance(value, dict) else range(len(value))))
    if draw(st.integers(0, 5)) == 0:
        kept = {key: each for key, each in _items(value) if key != where}
        return kept if isinstance(value, dict) else list(kept.values())
    if draw(st.integers(0, 8)) == 0:
        return {**value, draw(st.text(max_size=8)): draw(JSON)} if isinstance(value, dict) else [*value, draw(JSON)]
    changed = {key: draw(altered(each)) if key == where else each for key, each in _items(value)}
    return changed if isinstance(value, dict) else list(changed.values())


def _items(value: Any) -> list[tuple[Any, Any]]:
    return list(value.items()) if isinstance(value, dict) else list(enumerate(value))


def taken_or_refused(take: Callable[[], T]) -> T | None:
    """What ``take`` gives; None where it raises a UserError. That has one line, and anything else escapes."""
    try:
        return take()
    except UserError as error:
        message = str(error)
        assert message
        assert len(message.splitlines()) == 1
        assert len(message) < 3000
        return None
