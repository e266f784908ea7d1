"""``studio``: open the dashboard."""

from __future__ import annotations

import os
import socket
import sys

import click

from eproxy_engine.cli.output import json_option, print_json, say
from eproxy_engine.errors import UserError
from eproxy_engine.installation import studio_folder

ADDRESS = "127.0.0.1"


@click.command("studio")
@click.option(
    "--port", default=8501, show_default=True, type=click.IntRange(1, 65535), help="Where to serve the dashboard."
)
@click.option("--headless", is_flag=True, help="Do not open a browser.")
@json_option
def command(port: int, headless: bool, as_json: bool) -> None:
    """Open Eproxy Studio in the browser."""
    if not _is_free(port):
        raise UserError(f"port {port} is in use; accepted: a free one, such as {port + 1}")
    address = f"http://{ADDRESS}:{port}"
    print_json({"address": address}) if as_json else say(f"Eproxy Studio: {address} (Ctrl+C stops it; runs go on)")
    os.chdir(studio_folder())
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
