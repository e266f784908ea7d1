"""``make fuzz``: the property tests of ``make test`` with fresh examples, a hundred times as many.

A pytest plug-in. A test is run again and again, each time from the next seed, for its share of the time that is left.
A failure names its seed, and ``make fuzz SEED=…`` begins with that.
"""

from __future__ import annotations

import os
import time

import pytest
from hypothesis import HealthCheck, Phase, seed, settings

ROUNDS = 100
END = "EPROXY_FUZZ_END"
"""When the time is up, in seconds since 1970; the processes of pytest inherit it."""

settings.register_profile(
    "fuzz",
    database=None,
    max_examples=25,
    deadline=None,
    phases=(Phase.generate, Phase.target, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--minutes", type=float, help="how long to look for examples that fail")


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault(END, str(time.time() + 60 * config.getoption("minutes")))


def pytest_report_header(config: pytest.Config) -> str:
    return f"fuzz: {config.getoption('minutes'):g} minutes from seed {first_seed(config)}"


def first_seed(config: pytest.Config) -> int:
    return int(config.getoption("hypothesis_seed"))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Property tests, and no others."""
    properties = [item for item in items if getattr(getattr(item, "obj", None), "is_hypothesis_test", False)]
    config.hook.pytest_deselected(items=[item for item in items if item not in properties])
    items[:] = properties


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool:
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    end, first = time.time() + share(pyfuncitem), first_seed(pyfuncitem.config)
    for each in range(first, first + ROUNDS):
        try:
            seed(each)(pyfuncitem.obj)(**arguments)
        except Exception as error:
            error.add_note(f"fuzz: found from seed {each}; the same again: make fuzz SEED={each}")
            raise
        if time.time() > end:
            break
    return True


def share(item: pytest.Item) -> float:
    """Seconds: tests run about in the order in which they were collected, and what one leaves is for the others."""
    to_come = len(item.session.items) - item.session.items.index(item)
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    return (float(os.environ[END]) - time.time()) * min(1.0, processes / to_come)
