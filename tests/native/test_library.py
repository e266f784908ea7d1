"""Finding, checking and compiling the library."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from eproxy_engine.native import compile as compiling
from eproxy_engine.native import library
from eproxy_engine.native.compile import compile_library, compiler


@pytest.fixture(autouse=True)
def nothing_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No library is built, and none was looked for."""
    monkeypatch.setattr(library, "BUILT", tmp_path / "built")
    monkeypatch.delenv(library.SWITCH, raising=False)
    library._found.cache_clear()
    yield
    library._found.cache_clear()


@pytest.fixture
def command() -> list[str]:
    """The compiler of this machine."""
    found = compiler()
    if found is None:
        pytest.skip("no C++ compiler")
    return found


def test_without_a_library_it_says_what_helps() -> None:
    assert library.library() is None
    assert library.missing() == "the kernels are not compiled; `make native` compiles them"


def test_it_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(library.SWITCH, "off")
    assert library.library() is None
    assert library.missing() == "EPROXY_NATIVE is off"


@pytest.mark.processes
def test_a_library_of_another_source_is_not_used(command: list[str], source: Path) -> None:
    (source / "program.cpp").write_text('extern "C" const char* eproxy_source() { return SOURCE; }', "utf-8")
    compile_library(command, "plain", library.path_of(library.variant()))
    (source / "taps.h").write_text("// changed since", "utf-8")
    assert library.library() is None
    assert library.missing() == "the compiled kernels are older than their source; `make native` compiles them anew"


def test_a_broken_library_is_not_used() -> None:
    path = library.path_of(library.variant())
    path.parent.mkdir()
    path.write_bytes(b"no library")
    assert library.library() is None
    assert "cannot be loaded" in str(library.missing())


def test_without_a_compiler_it_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(compiling, "compiler", lambda: None)
    assert compiling.main() == 1
    assert "torch alone will compute" in capsys.readouterr().err


@pytest.mark.processes
def test_a_compiler_that_fails_leaves_nothing(command: list[str], source: Path) -> None:
    (source / "program.cpp").write_text("no program", "utf-8")
    with pytest.raises(subprocess.CalledProcessError):
        compile_library(command, "plain", library.path_of("plain"))
    assert list(library.BUILT.iterdir()) == []


def test_the_digest_is_that_of_all_sources(source: Path) -> None:
    before = library.source_digest()
    for path in sorted(source.iterdir()):
        path.write_text(path.read_text("utf-8") + "\n", "utf-8")
        assert library.source_digest() != before
        before = library.source_digest()
