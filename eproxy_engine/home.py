"""Where downloads and stored results of a user are kept."""

import os
from pathlib import Path

import platformdirs


def data_directory() -> Path:
    """Return the data directory: ``$EPROXY_HOME`` if set and not empty, else the platform's directory for user data.

    The directory may not exist yet.
    """
    chosen = os.environ.get("EPROXY_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    return platformdirs.user_data_path("eproxy-studio")
