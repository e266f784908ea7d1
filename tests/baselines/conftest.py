"""Proxies that a test registers are gone after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from eproxy_engine.spaces import plugins


@pytest.fixture
def own_proxies() -> Iterator[None]:
    before = dict(plugins.proxies)
    yield
    plugins.proxies.clear()
    plugins.proxies.update(before)
