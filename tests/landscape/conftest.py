"""Landscapes are computed in double precision here, so that what has to meet meets on any processor."""

from collections.abc import Iterator

import pytest

from eproxy_engine.landscape.scene import scene
from tests.landscape.tiny import computed
from tests.precision import in_double


@pytest.fixture(scope="module", autouse=True)
def _double() -> Iterator[None]:
    scene.cache_clear()
    with in_double():
        yield
    scene.cache_clear()
    computed.cache_clear()
