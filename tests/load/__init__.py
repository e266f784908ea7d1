"""The dashboard under load, measured in a browser: ``python -m tests.load``."""
