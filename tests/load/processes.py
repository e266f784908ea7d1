"""The processes of the dashboard and of the browser that looks at it, and what they took of the processors."""

from __future__ import annotations

import psutil


def serving(url: str) -> psutil.Process:
    """The process of the dashboard at this address."""
    port = url.rpartition(":")[2]
    return next(
        process
        for process in psutil.process_iter(["cmdline"])
        if {"streamlit", port} <= set(process.info["cmdline"] or ())
    )


def server_seconds(url: str) -> float:
    """Processor time of the dashboard at this address since it was started."""
    return _seconds([serving(url)])


def browser_seconds() -> float:
    """Processor time of the browser that this process has started."""
    return _seconds([child for child in psutil.Process().children(recursive=True) if "chrom" in child.name()])


def _seconds(processes: list[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes)
