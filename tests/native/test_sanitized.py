"""No kernel reads or writes beyond its buffers, or does what C++ leaves undefined."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from eproxy_engine.native import library
from tests.native.variants import SANITIZERS, made, sanitizer

ROOT = Path(__file__).parents[2]


@pytest.mark.processes
@pytest.mark.thorough
def test_sanitizers_have_nothing_to_complain_about() -> None:
    loaded_first = sanitizer()
    if loaded_first is None or not library.variants():
        pytest.skip("no g++ with an address sanitizer, or no variant for this processor")
    built = made(["g++"], library.variants()[-1], SANITIZERS)
    done = subprocess.run(
        [sys.executable, "-m", "tests.native.sanitized", str(built)],
        cwd=ROOT,
        env={**os.environ, "LD_PRELOAD": loaded_first, "ASAN_OPTIONS": "detect_leaks=0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-500:] + done.stderr[-5000:]
    assert "nothing to complain about" in done.stdout
