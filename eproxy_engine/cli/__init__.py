"""The command line: everything the dashboard does can be scripted.

Every command takes ``--json`` and then prints one JSON object on standard output and nothing else there;
progress goes to standard error. A user error exits with 2 and one line on standard error.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import ClassVar

import click

from eproxy_engine import __version__
from eproxy_engine.errors import UserError


class Commands(click.Group):
    """Group that loads a command's module when it is called, so that ``--help`` does not wait for torch."""

    names = (
        "spaces",
        "describe",
        "proxies",
        "evaluate",
        "compare",
        "score",
        "rank",
        "panel",
        "dps",
        "search",
        "landscape",
        "transfer",
        "scoreboard",
        "runs",
        "work",
        "bench",
        "plugins",
        "import",
        "studio",
    )

    modules: ClassVar[dict[str, str]] = {"import": "imports", "dps": "proxy_search", "search": "architecture_search"}
    """Modules of the commands that have another name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.names)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.names:
            return None
        module = __import__(f"eproxy_engine.cli.{self.modules.get(name, name)}", fromlist=["command"])
        return module.command


@click.command(cls=Commands)
@click.version_option(__version__, prog_name="eproxy", message="%(prog)s %(version)s")
def group() -> None:
    """Eproxy Studio's engine: training-free proxies for architecture search."""


def main(*words: str) -> None:
    """Run the CLI; report user errors without a traceback.

    Args:
        words: Words before those of the process.
    """
    try:
        group.main([*words, *sys.argv[1:]], prog_name=program(), standalone_mode=False)
    except UserError as error:
        _refuse(str(error))
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        _refuse(error.format_message())
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        sys.exit(130)


def program() -> str:
    """Return how the command line was called: by the installed command, or as a module."""
    return "eproxy" if Path(sys.argv[0]).stem == "eproxy" else "python -m eproxy_engine"


def _refuse(message: str) -> None:
    click.echo(f"error: {' '.join(message.split())}", err=True)
    sys.exit(2)
