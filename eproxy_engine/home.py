"""Where this product keeps what it downloads and stores for one user."""

import os
from pathlib import Path

import platformdirs


def data_directory() -> Path:
    """The data directory: ``$EPROXY_HOME`` when set and not empty, else the platform's own place for user data.

    The directory is not created.
    """
    chosen = os.environ.get("EPROXY_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    return platformdirs.user_data_path("eproxy-studio")
