"""Settings that all tests share."""

import os
import tempfile

from hypothesis import settings

# Two threads a process on two cores that other processes use as well wait for each other: up to 70 times slower.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# What this machine's user has installed, imported or computed has no say in the tests.
_home = tempfile.TemporaryDirectory(prefix="eproxy-studio-tests-")
os.environ["EPROXY_HOME"] = _home.name
os.environ.pop("EPROXY_PLUGINS", None)

settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")
