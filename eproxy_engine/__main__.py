"""``python -m eproxy_engine`` and ``eproxy``: the command line."""

from eproxy_engine.cli import main
from eproxy_engine.cli.standard_output import taken_over


def run() -> None:
    """Run the command line as a process of its own, as ``eproxy`` does."""
    with taken_over():
        main()


if __name__ == "__main__":
    run()
