"""Control for a setting, chosen by what the setting accepts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import streamlit as st

from app.shell import state
from eproxy_engine.accepted import Between, OneOf, Some, Switch, WordOr
from eproxy_engine.fields import Settings, table

OFFERED_WIDTHS = (8, 16, 32, 64)


def field(
    given: Settings,
    name: str,
    key: str,
    place: Any = st,
    *,
    low: float | None = None,
    high: float | None = None,
    numbers: Sequence[int] = OFFERED_WIDTHS,
    widget: Literal["box", "slider", "buttons"] = "box",
    disabled: bool = False,
    more: str = "",
) -> Any:
    """Show the control for a setting and return its value.

    ``low``, ``high``: narrower limits than the setting's own. ``numbers``: those offered beside words. ``widget``: how
    a number or a choice is shown.
    ``more``: what the help says beyond the setting's own.
    """
    each, value = table(type(given))[name], getattr(given, name)
    accepted = each.accepted
    told: dict[str, Any] = {
        "label": each.label,
        "key": state.key(key),
        "help": f"{each.help} {more}".strip(),
        "disabled": disabled,
    }
    if isinstance(accepted, Switch):
        return place.toggle(value=value, **told)
    if isinstance(accepted, Some):
        titles = accepted.titles.__getitem__
        return place.pills(options=accepted.options, default=value, selection_mode="multi", format_func=titles, **told)
    if isinstance(accepted, OneOf):
        options = list(accepted.options)
        if widget == "slider":
            return place.select_slider(options=options, value=value, **told)
        told["format_func"] = accepted.title
        if widget == "buttons":
            return place.segmented_control(options=options, default=value, required=True, **told)
        return place.selectbox(options=options, index=options.index(value), **told)
    if isinstance(accepted, WordOr):
        options = list(dict.fromkeys([*accepted.words, *numbers, value]))
        return place.selectbox(options=options, index=options.index(value), format_func=str, **told)
    assert isinstance(accepted, Between)
    low = accepted.low if low is None else max(low, accepted.low)
    high = accepted.high if high is None else min(high, accepted.high)
    shown = None if value is None else min(max(value, low), high)
    limits = {"min_value": low, "max_value": high, "value": shown, "step": accepted.step}
    if widget == "slider":
        return round(place.slider(**limits, **told), 6)
    if accepted.optional:
        told["placeholder"] = "automatic"
    return place.number_input(**limits, format=None if accepted.whole else "%g", **told)
