"""``python -m app``: open the dashboard, as ``eproxy studio`` does."""

from eproxy_engine.cli import main

if __name__ == "__main__":
    main("studio")
