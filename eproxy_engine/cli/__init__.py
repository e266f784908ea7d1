"""The command line: everything the dashboard does can be scripted.

Every command takes ``--json`` and then prints one JSON object on standard output and nothing else there;
progress goes to standard error. A user error exits with 2 and one line on standard error.
"""

from __future__ import annotations

import sys
from typing import ClassVar

import click

from eproxy_engine.errors import UserError


class Commands(click.Group):
    """Group that loads a command's module when it is called, so that ``--help`` does not wait for torch."""

    names = (
        "spaces",
        "describe",
        "proxies",
        "evaluate",
        "compare",
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
def group() -> None:
    """Eproxy Studio's engine: training-free proxies for architecture search."""


def main() -> None:
    """Run the CLI; report user errors without a traceback."""
    try:
        group.main(prog_name="python -m eproxy_engine", standalone_mode=False)
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


def _refuse(message: str) -> None:
    click.echo(f"error: {' '.join(message.split())}", err=True)
    sys.exit(2)
