"""What a page's script takes of a processor, without a browser."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from tests.app.driving import ENTRY, ROOT, opened
from tests.load.places import PLACES

REPETITIONS = 7
PATIENCE_SECONDS = 600


def script_times(home: Path, pages: tuple[str, ...]) -> Iterator[tuple[str, list[float]]]:
    """Title and milliseconds of each page of a dashboard on the data directory ``home``, or of those with these titles.

    The session of a test runs the script; the first two runs, which work out what is kept, do not count.
    """
    os.environ["EPROXY_HOME"] = str(home)
    sys.path.insert(1, str(ROOT))
    with patch.object(manifest_scanner, "scan_component_manifests", list):
        for place in PLACES:
            if not pages or place.title in pages:
                app = opened(AppTest.from_file(ENTRY, default_timeout=PATIENCE_SECONDS), place.path or "start")
                app.run()
                yield place.title, [_milliseconds(app) for _ in range(REPETITIONS)]


def _milliseconds(app: AppTest) -> float:
    began = time.process_time()
    app.run()
    return 1000 * (time.process_time() - began)
