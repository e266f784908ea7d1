"""Nothing here needs a GPU: the commands are ones that the engine takes, and an end leaves what was printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click import Context
from click.testing import CliRunner

from eproxy_engine import benchmarks, spaces
from eproxy_engine.cli import group
from eproxy_engine.sampling import Sample
from tests.gpu import __main__ as script
from tests.gpu import agreement
from tests.gpu.agreement import ILL_CONDITIONED, PROMISED, _every_space, _row, _stacked
from tests.gpu.steps import FULL, OTHERS, REHEARSAL, TABLE_9, Step, steps

BOTH = pytest.mark.parametrize("size", [FULL, REHEARSAL], ids=["full", "rehearsal"])


@BOTH
def test_each_command_is_one_that_the_engine_takes(size: object) -> None:
    for step in steps(size):  # type: ignore[arg-type]
        if step.module == "eproxy_engine":
            name, *arguments = step.arguments
            command = group.get_command(Context(group), name)
            assert command is not None
            found = command.make_context(name, [*arguments, "--device", "auto"]).params
            assert found["as_json"]
            named = found["names"] if name == "bench" else (found["space"],)
            assert set(named) <= set(spaces.names())
            if name == "evaluate":
                Sample(size=found["size"]).draw(found["space"], benchmarks.task(found["space"]).name)


def test_no_two_steps_write_the_same_file_and_all_fit_into_two_hours() -> None:
    names = [step.name for step in steps(FULL)]
    assert len(set(names)) == len(names)
    assert set(TABLE_9 + OTHERS) <= set(spaces.names())
    assert sum(step.most_minutes for step in steps(FULL)) < 150


@pytest.mark.processes
def test_what_a_step_printed_is_kept_whatever_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import sys, time; print('{\"rho\": 0.5}', flush=True); print('told', file=sys.stderr, flush=True); "
    made = {
        "good": Step("good", "", "timeit", ("-n1", "-r1", "-s", "pass", "pass"), 1, takes_device=False),
        "bad": Step("bad", "", "no_such_module", (), 1, takes_device=False),
        "late": Step("late", "", "timeit", ("-n1", "-r1", code + "time.sleep(60)"), 0.05, takes_device=False),
    }
    monkeypatch.setattr(script, "steps", lambda size: list(made.values()))
    monkeypatch.setattr(script, "LEAST_SECONDS", 0)
    done = CliRunner().invoke(script.command, [str(tmp_path)])
    assert done.exit_code == 0, done.output
    written = {name: json.loads((tmp_path / f"{name}.json").read_text("utf-8")) for name in made}
    assert written["good"]["ended"] == "finished"
    assert written["bad"]["ended"] == "failed (1)"
    assert "no_such_module" in written["bad"]["messages"]
    assert (written["late"]["ended"], written["late"]["result"]) == ("timed out", {"rho": 0.5})
    assert "told" in written["late"]["messages"]


def test_a_difference_is_relative_to_the_largest_number() -> None:
    assert _row("a", [1.0, 4.0], [1.0, 4.002], PROMISED)["difference"] == pytest.approx(5e-4)
    assert max(ILL_CONDITIONED.values()) < 0.05


def test_the_cpu_agrees_with_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement.spaces, "names", lambda: ("nasbench101",))
    monkeypatch.setattr(agreement, "FAMILIES", {"nasbench201": agreement.FAMILIES["nasbench201"]})
    for row in (*_every_space("cpu"), *_stacked("cpu")):
        assert row["difference"] <= row["promised"], row
