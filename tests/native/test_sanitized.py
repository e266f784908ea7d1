"""No kernel reads or writes beyond its buffers, or does what C++ leaves undefined."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from eproxy_engine.native import library
from eproxy_engine.native.compile import compile_library, compiler

ROOT = Path(__file__).parents[2]
SANITIZERS = ("-O0", "-g1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")


@pytest.mark.processes
@pytest.mark.thorough
def test_sanitizers_have_nothing_to_complain_about(tmp_path: Path) -> None:
    command = compiler()
    if command != ["g++"] or not library.variants():
        pytest.skip("no g++, or no variant for this processor")
    built, found = tmp_path / "kernels.so", ["g++", "-print-file-name=libasan.so"]
    sanitizer = subprocess.run(found, capture_output=True, text=True, check=True).stdout.strip()
    if not os.path.isabs(sanitizer):
        pytest.skip("g++ has no address sanitizer")
    compile_library(command, library.variants()[-1], built, SANITIZERS)
    done = subprocess.run(
        [sys.executable, "-m", "tests.native.sanitized", str(built)],
        cwd=ROOT,
        env={**os.environ, "LD_PRELOAD": sanitizer, "ASAN_OPTIONS": "detect_leaks=0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-500:] + done.stderr[-5000:]
    assert "nothing to complain about" in done.stdout
