"""``python -m tests.gpu FOLDER``: all that has to be seen on a GPU, within half an hour, results as files.

A step is a command whose output goes into ``FOLDER/NAME.json`` as soon as it ends, so whatever interrupts the rest
loses nothing. ``--only`` repeats some. ``--device cpu --rehearse`` goes through all of it in small on any machine.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import click

from tests.gpu.steps import FULL, REHEARSAL, Step, steps

ROOT = Path(__file__).parents[2]
LEAST_SECONDS = 5.0
"""No step is begun with less time left."""
LAST = 4000
"""Characters of what a step prints beside its result."""


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--device", default="cuda", show_default=True)
@click.option("--minutes", default=30.0, show_default=True, help="No step is begun after this time, none lasts longer.")
@click.option("--only", multiple=True, help="Name of a step, or how it begins; may be given several times.")
@click.option("--rehearse", is_flag=True, help="Tiny networks and samples.")
@click.option("--list", "listed", is_flag=True, help="Print the commands only.")
def command(folder: Path, device: str, minutes: float, only: tuple[str, ...], rehearse: bool, listed: bool) -> None:
    """Check and measure what a GPU computes, most important first."""
    chosen = [step for step in steps(REHEARSAL if rehearse else FULL) if not only or step.name.startswith(only)]
    if listed:
        click.echo("\n".join(f"{step.name}: {' '.join(_command(step, device))}" for step in chosen))
        return
    folder.mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + 60 * minutes
    (folder / "machine.json").write_text(json.dumps(_machine(), indent=1), "utf-8")
    for step in chosen:
        left = min(60 * step.most_minutes, end - time.monotonic())
        if left < LEAST_SECONDS:
            click.echo(f"{step.name}: no time left")
            continue
        done = _carry_out(step, device, folder, left)
        (folder / f"{step.name}.json").write_text(json.dumps(done, indent=1), "utf-8")
        click.echo(f"{step.name}: {done['ended']} after {done['seconds']:.0f} s")


def _command(step: Step, device: str) -> list[str]:
    places = ["--device", device] if step.takes_device else []
    return [sys.executable, "-m", step.module, *step.arguments, *places]


def _carry_out(step: Step, device: str, folder: Path, seconds: float) -> dict[str, object]:
    """Run a step and return what it printed; a store in ``folder`` keeps what an interrupted one has computed."""
    given = {**os.environ, "EPROXY_HOME": str(folder / "home")}
    started = time.monotonic()
    printed, problems, ended = "", "", "timed out"
    try:
        done = subprocess.run(
            _command(step, device), cwd=ROOT, env=given, capture_output=True, text=True, timeout=seconds, check=False
        )
        printed, problems = done.stdout, done.stderr
        ended = "finished" if done.returncode == 0 else f"failed ({done.returncode})"
    except subprocess.TimeoutExpired as late:
        printed, problems = _text(late.stdout), _text(late.stderr)
    return {
        "about": step.about,
        "command": " ".join(_command(step, device)[1:]),
        "commit": _commit(),
        "ended": ended,
        "seconds": time.monotonic() - started,
        "result": _result(printed),
        "messages": problems[-LAST:],
    }


def _commit() -> str:
    """Return the commit of this checkout; it says so if something in it was changed."""
    described = ["git", "describe", "--always", "--dirty", "--abbrev=7"]
    return subprocess.run(described, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def _text(printed: bytes | str | None) -> str:
    return printed.decode("utf-8", "replace") if isinstance(printed, bytes) else printed or ""


def _result(printed: str) -> object:
    try:
        return json.loads(printed)
    except ValueError:
        return printed[-LAST:]


def _machine() -> dict[str, object]:
    import torch

    there = torch.cuda.is_available()
    return {
        "torch": torch.__version__,
        "cuda": torch.version.cuda,
        "gpu": torch.cuda.get_device_name() if there else None,
        "gigabytes": torch.cuda.get_device_properties(0).total_memory / 2**30 if there else None,
        "cores": os.cpu_count(),
    }


if __name__ == "__main__":
    command()
