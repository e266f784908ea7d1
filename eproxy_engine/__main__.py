"""``python -m eproxy_engine``: the command line."""

from eproxy_engine.cli import main

if __name__ == "__main__":
    main()
