"""The kernels of this machine, compiled if they are not."""

import shutil
from collections.abc import Callable
from ctypes import CDLL
from pathlib import Path

import pytest
from filelock import FileLock

from eproxy_engine.native import library
from eproxy_engine.native.compile import compiler
from tests.native.variants import made


@pytest.fixture(scope="session")
def compiled_variant(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], CDLL]:
    """Load a variant: the one that was built, or else the tests' own."""
    lock = FileLock(tmp_path_factory.getbasetemp().parent / "kernels.lock")  # others wait for who compiles it

    def load(name: str) -> CDLL:
        try:
            return library.load(library.path_of(name))
        except (OSError, ValueError):
            command = compiler()
        if command is None:
            pytest.skip("no C++ compiler")
        with lock:
            return library.load(made(command, name))

    return load


@pytest.fixture(params=["avx512", "avx2", "plain"])
def kernels(request: pytest.FixtureRequest, compiled_variant: Callable[[str], CDLL]) -> CDLL:
    """Each variant of the library that this processor can run."""
    if request.param not in library.variants():
        pytest.skip(f"not for this processor: {request.param}")
    return compiled_variant(request.param)


@pytest.fixture
def best_kernels(compiled_variant: Callable[[str], CDLL]) -> CDLL:
    """The variant that this processor runs fastest."""
    if not library.variants():
        pytest.skip("no variant for this processor")
    return compiled_variant(library.variants()[0])


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the kernels' source, to be changed."""
    copied = tmp_path / "kernels"
    shutil.copytree(library.SOURCE, copied)
    monkeypatch.setattr(library, "SOURCE", copied)
    return copied
