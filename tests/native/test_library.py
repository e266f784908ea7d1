"""Finding, checking and compiling the library."""

import subprocess
from collections.abc import Iterator
from contextlib import nullcontext
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
def a_variant() -> str:
    """The variant that this processor runs fastest."""
    if not library.variants():
        pytest.skip("no variant for this processor")
    return library.variants()[0]


@pytest.fixture
def command() -> list[str]:
    """The compiler of this machine."""
    found = compiler()
    if found is None:
        pytest.skip("no C++ compiler")
    return found


@pytest.mark.usefixtures("a_variant")
def test_without_a_library_it_says_what_helps() -> None:
    assert library.library() is None
    assert library.missing() == "the kernels are not compiled; `make native` compiles them"


def test_it_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(library.SWITCH, "off")
    assert library.library() is None
    assert library.missing() == "EPROXY_NATIVE is off"


@pytest.mark.parametrize(
    ("instructions", "older", "expected"),
    [
        ("avx512", "", ["avx512", "avx2"]),
        ("avx512", "avx2", ["avx2"]),
        ("avx512", "default", []),
        ("avx2", "", ["avx2"]),
        ("avx2", "avx512", []),
        ("sse4", "", []),
    ],
)
def test_a_processor_runs_what_it_has_the_instructions_for(
    instructions: str, older: str, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(library, "_instructions", lambda: frozenset(library.NEEDS.get(instructions, ())))
    monkeypatch.setenv(library.OLDER_PROCESSOR, older)
    assert library.variants() == expected


def test_other_processors_run_the_plain_variant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library.platform, "machine", lambda: "arm64")
    assert library.variants() == ["plain"]


@pytest.mark.processes
def test_a_library_of_another_source_is_not_used(command: list[str], source: Path, a_variant: str) -> None:
    (source / "program.cpp").write_text('extern "C" const char* eproxy_source() { return SOURCE; }', "utf-8")
    compile_library(command, "plain", library.path_of(a_variant))
    (source / "taps.h").write_text("// changed since", "utf-8")
    assert library.library() is None
    assert library.missing() == "the compiled kernels are older than their source; `make native` compiles them anew"


def test_a_broken_library_is_not_used(a_variant: str) -> None:
    path = library.path_of(a_variant)
    path.parent.mkdir()
    path.write_bytes(b"no library")
    assert library.library() is None
    assert "cannot be loaded" in str(library.missing())


@pytest.mark.processes
def test_without_any_compiler_it_says_so(
    a_variant: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compiling, "COMPILERS", ())
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setattr(compiling.venv, "create", lambda folder, with_pip: None)
    assert compiling.main() == 1
    assert "torch computes everything" in capfd.readouterr().err
    assert not library.BUILT.exists()


def test_what_is_up_to_date_is_not_compiled_again(a_variant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "up_to_date", lambda name: True)
    monkeypatch.setattr(compiling, "compile_library", lambda *_: pytest.fail("it compiles"))
    assert compiling.main() == 0


def test_zig_spells_processors_in_its_own_way() -> None:
    assert "-march=x86_64_v3" in compiling._of_variant(["python", "-m", "ziglang", "c++"], "avx2")
    assert "-march=x86-64-v3" in compiling._of_variant(["g++"], "avx2")


def test_a_wheel_gets_a_library_for_each_machine(a_variant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: dict[str, list[str]] = {}

    def note(command: list[str], name: str, goal: Path) -> None:
        compiled[goal.name] = [*command[-1:], name]

    monkeypatch.setattr(compiling, "zig", lambda: nullcontext(["zig"]))
    monkeypatch.setattr(compiling, "compile_library", note)
    assert compiling.main(["--everywhere"]) == 0
    assert compiled == {
        "kernels-x86_64-avx512.so": ["x86_64-linux-gnu.2.17", "avx512"],
        "kernels-x86_64-avx2.so": ["x86_64-linux-gnu.2.17", "avx2"],
        "kernels-aarch64-plain.so": ["aarch64-linux-gnu.2.17", "plain"],
        "kernels-arm64-plain.so": ["aarch64-macos", "plain"],
    }
    monkeypatch.setattr(library.platform, "machine", lambda: "arm64")
    assert library.path_of(library.variants()[0]).name in compiled


@pytest.mark.processes
def test_a_library_is_up_to_date_if_it_belongs_to_the_source(command: list[str], source: Path) -> None:
    (source / "program.cpp").write_text(
        'extern "C" { const char* eproxy_source() { return SOURCE; } void eproxy_run() {} void eproxy_loss() {} '
        "void eproxy_descend() {} }",
        "utf-8",
    )
    assert not compiling.up_to_date("plain")
    compile_library(command, "plain", library.path_of("plain"))
    assert compiling.up_to_date("plain")
    (source / "taps.h").write_text("// changed since", "utf-8")
    assert not compiling.up_to_date("plain")


@pytest.mark.processes
def test_the_best_variant_is_compiled(monkeypatch: pytest.MonkeyPatch, command: list[str], source: Path) -> None:
    monkeypatch.setattr(library, "variants", lambda: ["plain", "another"])
    (source / "program.cpp").write_text("", "utf-8")
    assert compiling.main() == 0
    assert [path.name for path in library.BUILT.iterdir()] == [library.path_of("plain").name]


def test_a_processor_without_a_variant_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(library, "variants", lambda: [])
    assert compiling.main() == 1
    assert capsys.readouterr().err == f"{library.UNSUITABLE}; torch computes everything\n"
    assert library.missing() == library.UNSUITABLE


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
