"""What reading foreign bytes raises becomes one line."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eproxy_engine import foreign
from eproxy_engine.cli import files
from eproxy_engine.documents import read_yaml
from eproxy_engine.errors import UserError, shown
from tests.properties import damaged, taken_or_refused


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (FileNotFoundError(2, "No such file", "/a"), "it cannot be read: No such file; accepted: what is sound"),
        (IndexError("string index\nout of range"), "it cannot be read: IndexError string index out of range; accepted"),
        (KeyError("a"), "it cannot be read: KeyError 'a'; accepted"),
        (zipfile.BadZipFile(), "it cannot be read: BadZipFile; accepted"),
        (RecursionError("maximum recursion depth exceeded"), "it cannot be read: it is nested too deeply; accepted"),
        (MemoryError(), "it cannot be read: it needs more memory than is available; accepted"),
        (ValueError("x" * 1000), f"it cannot be read: {'x' * 299}…; accepted"),
    ],
)
def test_every_error_is_told(error: Exception, told: str) -> None:
    with pytest.raises(UserError) as caught, foreign.reading("it", "what is sound"):
        raise error
    assert str(caught.value).startswith(told)
    assert caught.value.__cause__ is error


def test_what_was_told_already_stays_and_who_stops_it_is_heard() -> None:
    with pytest.raises(UserError, match=r"^as it is$"), foreign.reading("it", "what is sound"):
        raise UserError("as it is")
    with pytest.raises(KeyboardInterrupt), foreign.reading("it", "what is sound"):
        raise KeyboardInterrupt


def test_a_message_is_one_line_whatever_it_quotes() -> None:
    assert str(UserError("a\nb\x1cc\x85d  e")) == "a b c d  e"


def test_no_more_is_read_of_a_file_than_it_may_have(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"x" * 11)
    assert foreign.read_bytes(tmp_path / "large", "little", 11) == b"x" * 11
    with pytest.raises(UserError, match="large' has more than 10 bytes; accepted: up to 10"):
        foreign.read_bytes(tmp_path / "large", "little", 10)
    with pytest.raises(UserError, match="zero' has more than 50,000,000 bytes"):
        foreign.read_text("/dev/zero")


@pytest.mark.parametrize("place", ["nowhere", "", "\0", "x" * 5000, "\udc80"])
def test_a_file_that_cannot_be_opened(tmp_path: Path, place: str) -> None:
    with pytest.raises(UserError, match=r"cannot be read: .*; accepted: a text, saved as UTF-8"):
        foreign.read_text(f"{tmp_path}/{place}")


def test_a_bounded_file_ends_with_an_error() -> None:
    bounded = foreign.Bounded(io.BytesIO(b"0123456789"), 6)
    assert bounded.read(4) == b"0123"
    with pytest.raises(ValueError, match="it unpacks to more than 6 bytes"):
        bounded.read(4)
    with pytest.raises(ValueError, match="it unpacks to more than 6 bytes"):
        bounded.seek(7)
    assert foreign.Bounded(io.BytesIO(b"012345"), 6).read() == b"012345"


@given(st.text("[]{}:,-*&!?|>#%@`'\"0xe.~<= \n\tabint"))
@example("!!float ''")
@example("0x" + "f" * 10_000)
@example("1:" * 10_000 + "1")
@example("a: &a [*a]")
@example("{" * 10_000)
@example("? " * 10_000)
@example("- " * 10_000)
def test_any_document_is_read_or_refused(text: str) -> None:
    """And whatever it says can be shown."""
    values = taken_or_refused(lambda: read_yaml(text))
    assert len(shown(values).splitlines()) == 1


LIST = b"# mine\n|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|\n\n1:\n"


@given(content=damaged(LIST))
def test_any_list_of_architectures_is_read_or_refused(content: bytes) -> None:
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(content)
        taken_or_refused(lambda: files.architectures("nasbench201", file.name))
