"""The history of a search, from the store."""

from __future__ import annotations

from eproxy_engine.runs import ProxySearchSpecification, Run, Store
from eproxy_engine.search.proxy_search.search import Trial


def search_of(run: Run) -> ProxySearchSpecification:
    """The specification of a run that is a search."""
    assert isinstance(run.specification, ProxySearchSpecification)
    return run.specification


def trials_of(store: Store, run: Run) -> list[Trial]:
    """What it has tried so far."""
    return [Trial.from_dict(values) for values in store.history(run.id)]


def members_of(run: Run) -> tuple[int, ...]:
    """Places of the configurations of the proxy found; none before it is."""
    return tuple((run.result or {}).get("places", ()))
