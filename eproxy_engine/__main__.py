"""``python -m eproxy_engine``: the command line."""

from eproxy_engine.cli import main
from eproxy_engine.cli.standard_output import taken_over

if __name__ == "__main__":
    with taken_over():
        main()
