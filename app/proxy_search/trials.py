"""History of a search, from the store."""

from __future__ import annotations

from eproxy_engine.runs import ProxySearchSpecification, Run, Store
from eproxy_engine.search.proxy_search.search import Trial


def search_of(run: Run) -> ProxySearchSpecification:
    """Return the specification of a run that is a search."""
    assert isinstance(run.specification, ProxySearchSpecification)
    return run.specification


def trials_of(store: Store, run: Run) -> list[Trial]:
    """Return the trials so far."""
    return [Trial.from_dict(values) for values in store.history(run.id)]


def members_of(run: Run) -> tuple[int, ...]:
    """Return the places of the configurations of the proxy found; none before it is found."""
    return tuple((run.result or {}).get("places", ()))
