"""``python -m app``: open the dashboard, or say in one line what prevents it."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import click

ADDRESS = "127.0.0.1"


@click.command()
@click.option(
    "--port", default=8501, show_default=True, type=click.IntRange(1, 65535), help="Where to serve the dashboard."
)
@click.option("--headless", is_flag=True, help="Do not open a browser.")
def main(port: int, headless: bool) -> None:
    """Open Eproxy Studio in the browser."""
    if not _is_free(port):
        click.echo(f"error: port {port} is in use; accepted: a free one, as in `make run PORT={port + 1}`", err=True)
        sys.exit(2)
    root = Path(__file__).parents[1]
    os.chdir(root)
    click.echo(f"Eproxy Studio: http://{ADDRESS}:{port} (Ctrl+C stops it; runs go on)")
    arguments = ["--server.port", str(port), "--server.address", ADDRESS, "--server.headless", str(headless).lower()]
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", "run", "app/main.py", *arguments])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            return False
    return True


if __name__ == "__main__":
    main()
