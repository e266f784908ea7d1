"""What a search was worth, in one card: the proxy found against the default one and against FLOPs."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

import streamlit as st

from app.proxy_search.trials import search_of
from app.shell.wording import estimate
from app.views.barrier_story import barrier_off, barrier_story
from app.views.difference import told, verdict
from app.views.evaluated import finished_rows
from app.views.metric import metric, too_few
from eproxy_engine import statistics
from eproxy_engine.proxy import preset
from eproxy_engine.proxy.presets import DEFAULT
from eproxy_engine.runs import Run, Store
from eproxy_engine.runs.kinds.proxy_search.plan import proxy_in
from eproxy_engine.scoring import Proxy, members_of
from eproxy_engine.statistics import Difference

TITLES = {"default": f"Default preset ({DEFAULT})", "flops": "FLOPs"}
AHEAD = "Below: how far the proxy found is ahead on the same architectures, with the paired 95% interval."


def card(store: Store, run: Run) -> None:
    """Show ρ on the held-out architectures, the differences in words, and what the search says of the barrier."""
    result, found = run.result or {}, proxy_in(run.result)
    assert found is not None
    judged = result["judged"]
    with st.container(border=True):
        if few := too_few(judged["proxy"]["n"], 0):
            st.info(f"Held out: {few}", icon=":material/balance:")
        else:
            _judged(judged, _differences(store, run, found))
        st.caption(_searched(run, result, found))
        if bare := barrier_off(found):
            st.markdown(f":material/info: The proxy found **{bare}**; *Use this proxy* evaluates it just so.")
            barrier_story("Is the barrier useless, then?")


def _judged(judged: dict[str, Any], differences: dict[str, Difference]) -> None:
    names = {"default": "the default preset", "flops": "FLOPs"}
    said = [
        f"against {names[name]}, {verdict(each, 'the proxy found', names[name])}" for name, each in differences.items()
    ]
    st.markdown(f"On the **{judged['proxy']['n']} architectures that the search has not seen**: {'; '.join(said)}.")
    columns = st.columns(3)
    with columns[0]:
        value, interval = estimate(judged["proxy"], "rho")
        metric(
            "Proxy found, held-out ρ",
            value,
            interval,
            "ρ on unseen architectures: its true worth. Below: 95% interval.",
        )
    known = {"default": judged.get("default", {}), "flops": judged["proxy"]["reference"]["flops"]}
    for column, (name, values) in zip(columns[1:], known.items(), strict=True):
        with column:
            ahead = differences.get(name)
            metric(TITLES[name], estimate(values, "rho")[0], f"found: {told(ahead)}" if ahead else "", AHEAD)


def _searched(run: Run, result: dict[str, Any], found: Proxy) -> str:
    """Tell the two ρ on the sample apart: that of the proxy found and that of its best member alone."""
    members, n = len(members_of(found)), len(search_of(run).architectures())
    what = f"the proxy found, the mean rank of {members} members," if members > 1 else "the proxy found"
    alone = f", and its best configuration alone {result['best_rho']:.2f}" if members > 1 else ""
    return (
        f"{result['trials']} configurations tried, {result['evaluations']:,} evaluations. On the {n} architectures "
        f"that chose it, {what} has ρ {result['sample_rho']:.2f}{alone}: optimistic, as they were chosen there."
    )


def _differences(store: Store, run: Run, found: Proxy) -> dict[str, Difference]:
    """Return how far the proxy found is ahead; without the default preset if its evaluations are not here."""
    given = search_of(run)
    own, default = (finished_rows(store, given.judge(proxy)) for proxy in (found, preset(DEFAULT)))
    scores = {"default": default["score"].tolist()} if default["architecture"].equals(own["architecture"]) else {}
    scores["flops"] = own["flops"].tolist()
    parts = _paired(own["score"].tolist(), scores, own["accuracy"].tolist())
    return {name: Difference(*values) for name, values in parts.items()}


@st.cache_data(max_entries=20, show_spinner=False)
def _paired(own: list[float], others: dict[str, list[float]], accuracy: list[float]) -> dict[str, tuple[Any, ...]]:
    found = statistics.resampled_together(statistics.spearman, [own, *others.values()], accuracy)
    gaps = {name: found.difference(0, place) for place, name in enumerate(others, start=1)}
    return {name: astuple(gap) for name, gap in gaps.items()}
