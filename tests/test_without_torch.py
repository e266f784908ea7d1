"""What needs no torch does not import it: that takes seconds and hundreds of megabytes, in every process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.processes
WORK = {
    "what pages import": """
from eproxy_engine import benchmarks, landscape, runs, sampling, scoreboard
from eproxy_engine.runs import worker
from eproxy_engine.runs.kinds.comparison import plan
from eproxy_engine.runs.kinds.landscape import plan
from eproxy_engine.scoring import named
from eproxy_engine.search.proxy_search import search
""",
    "architectures and drawings of every search space": """
import numpy as np
from eproxy_engine import spaces
for space in map(spaces.get, spaces.names()):
    architecture = space.sample(np.random.default_rng(0))
    space.drawings(space.equivalent(space.mutate(architecture, np.random.default_rng(0))))
    space.largest()
""",
    "naming and scoring an evaluation": """
from eproxy_engine.proxy import Configuration, Evaluation, Outcome
largest = str(spaces.get("nasbench201").largest())
Evaluation.of("nasbench201", largest, Configuration(), "bundled", 1).key
Outcome(((1.0,),), 1.0).score(Configuration(), 0.5)
""",
    "images": """
from eproxy_engine import images
images.load_batch("bundled")
""",
    "an executor, where there is no GPU": """
from eproxy_engine.runs import executors
executors.GPUS = ()
executors.make("auto", 2)
""",
    "the library, which draws on request": """
import eproxy_engine as ep
import sys
functions = [getattr(ep, name) for name in ep.__all__]
assert "plotly" not in sys.modules
""",
    "help": """
import sys
from eproxy_engine.cli import main
for arguments in (["--help"], ["import", "--help"]):
    sys.argv = ["eproxy_engine", *arguments]
    main()
""",
}
CARRIED_OUT = """
import json, sys
names = {}
for what, code in json.loads(sys.argv[1]).items():
    exec(code, names)
    if "torch" in sys.modules:
        sys.exit(f"torch is imported by: {what}")
"""


def carried_out(work: dict[str, str]) -> str:
    """What a process that does one after the other has to say."""
    command = [sys.executable, "-c", CARRIED_OUT, json.dumps(work)]
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True).stderr


def test_it_is_not_imported() -> None:
    assert carried_out(WORK) == ""


def test_an_import_is_noticed() -> None:
    made_up = "import sys; sys.modules['torch'] = sys"
    done = carried_out({"nothing": "", "an import": made_up, "more": "1 / 0"})
    assert done == "torch is imported by: an import\n"
