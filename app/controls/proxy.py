"""Which proxy: Eproxy with its whole configuration, or one of those that it is compared with."""

from __future__ import annotations

import streamlit as st

from app.controls.configuration import configuration_form, ensemble_notice
from app.controls.field import field
from app.shell import state
from app.shell.choice import Choice, with_specification
from app.shell.wording import plain
from eproxy_engine import baselines
from eproxy_engine.baselines import Baseline, tabulated
from eproxy_engine.scoring import first_of
from eproxy_engine.scoring.named import COMPOSITES, EPROXIES, named, names
from eproxy_engine.scoring.proxy import with_first

EPROXY = "eproxy"


def proxy_form(choice: Choice) -> Choice:
    """Controls for the proxy."""
    known = tabulated.available(choice.specification.architectures())
    titles = proxy_titles(known)
    current = _current(choice)
    name = st.selectbox(
        "Proxy",
        list(titles),
        index=list(titles).index(current) if current in titles else 0,
        format_func=titles.__getitem__,
        key=state.key(f"proxy-{choice.specification.space}"),
        help="Eproxy, or one of the proxies that it is compared with: they see the same images and networks. The "
        "Correlations page compares any number of them.",
    )
    if name != current:
        state.show(_moved(choice, name))
        st.rerun()
    return configuration_form(choice) if name == EPROXY else _baseline_form(choice, name)


def proxy_titles(known: list[str]) -> dict[str, str]:
    """Titles by name of all that can be chosen. ``known``: what the table has (:func:`tabulated.available`)."""
    return {EPROXY: "Eproxy"} | {name: named(name).title for name in names(known) if name not in EPROXIES}


def _current(choice: Choice) -> str:
    proxy = choice.specification.proxy
    member = first_of(proxy)
    if not isinstance(member, Baseline):
        return EPROXY
    composites = (named(name, member.batch, member.width) for name in COMPOSITES)
    return next((each.name for each in composites if each.proxy == proxy), member.name)


def _moved(choice: Choice, name: str) -> Choice:
    if name == EPROXY:
        return with_specification(choice, proxy=choice.eproxy)
    return with_specification(choice, proxy=named(name).proxy)


def _baseline_form(choice: Choice, name: str) -> Choice:
    given = first_of(choice.specification.proxy)
    assert isinstance(given, Baseline)
    about_panel(name)
    if name not in COMPOSITES:
        ensemble_notice(choice)
    if given.tabulated:
        return choice
    batch_place, width_place = st.columns(2)
    batch = field(given, "batch", f"batch-{name}", batch_place)
    width = field(given, "width", f"width-{name}", width_place)
    if name in COMPOSITES:
        return with_specification(choice, proxy=named(name, batch, width).proxy)
    return with_specification(choice, proxy=with_first(choice.specification.proxy, Baseline(name, batch, width)))


def about_panel(name: str) -> None:
    """What a proxy measures, from where, and when not to trust it."""
    if tabulated.is_tabulated(name):
        st.caption(tabulated.ABOUT)
        return
    if name in COMPOSITES:
        st.caption("The sum of the logarithms of four ranks: expressivity, progressivity, trainability and FLOPs.")
        return
    proxy = baselines.get(name)
    direction = "Higher" if proxy.higher_is_better else "Lower"
    st.caption(f"{plain(proxy.source)}  \n{proxy.cost.capitalize()}. {direction} is better.  \n{proxy.assumes}")
