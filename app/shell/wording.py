"""Formatting of times, counts, intervals and user-written text on the pages."""

from __future__ import annotations

import string
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from eproxy_engine.scoring import Proxy

STATUS_ICONS = {
    "queued": ":material/hourglass_empty:",
    "running": ":material/play_circle:",
    "paused": ":material/pause_circle:",
    "stopped": ":material/stop_circle:",
    "finished": ":material/check_circle:",
    "failed": ":material/error:",
    "interrupted": ":material/power_off:",
}


ORIGINS = {"sample": "ships with the product", "imported": "imported", "local": "computed here"}


def plain(text: str) -> str:
    """Escape a user-written text so that Streamlit's Markdown shows it verbatim.

    >>> print(plain("|none~0|"))
    \\|none\\~0\\|
    """
    return "".join(f"\\{each}" if each in string.punctuation else each for each in text)


def duration(seconds: float) -> str:
    """Format a duration as ``8 s``, ``3 min`` or ``2 h 5 min``.

    >>> duration(8), duration(200), duration(7500)
    ('8 s', '3 min', '2 h 5 min')
    """
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def moment(seconds: float) -> str:
    """Format a point in time to the minute, in the time zone of the dashboard's machine."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))


def accuracy_title(unit: str) -> str:
    """Return the title of an axis or column of accuracies.

    >>> accuracy_title("%"), accuracy_title("")
    ('accuracy (%)', 'accuracy')
    """
    return f"accuracy ({unit})" if unit else "accuracy"


def rounded_accuracy(value: float, unit: str, sign: bool = False) -> str:
    """Format an accuracy to the digits that its spread supports; empty if unknown.

    >>> rounded_accuracy(91.607, "%"), rounded_accuracy(0.56812, ""), rounded_accuracy(1.5, "%", sign=True)
    ('91.61', '0.568', '+1.50')
    """
    if value != value:
        return ""
    text = f"{value:{'+' if sign else ''}.{2 if unit == '%' else 3}f}"
    return text.replace("-", "−")


def estimate(values: Mapping[str, Any], name: str, percent: bool = False) -> tuple[str, str]:
    """Format a statistic and its 95% interval, or its mean and spread over draws.

    >>> estimate({"rho": 0.631, "rho_low": 0.55, "rho_high": 0.7}, "rho")
    ('0.63', '0.55 – 0.70')
    >>> estimate({"rho": -0.351, "rho_low": -0.48, "rho_high": -0.23}, "rho")
    ('−0.35', '−0.48 to −0.23')
    """
    if isinstance(values.get(name), dict):
        mean, sd = values[name]["mean"], values[name]["sd"]
        digits = ".0%" if percent else ".2f"
        return ("–", "undefined") if mean is None else (f"{mean:{digits}}", f"± {sd:{digits}} over draws")
    value, low, high = (values.get(part) for part in (name, f"{name}_low", f"{name}_high"))
    if value is None:
        return "–", "undefined"
    if low is None or high is None:
        return (f"{value:.0%}" if percent else _signed(value)), "no interval"
    if percent:
        return f"{value:.0%}", f"{low:.0%} – {high:.0%}"
    between = "–" if low >= 0 else "to"  # a dash beside a minus sign cannot be read
    return _signed(value), f"{_signed(low)} {between} {_signed(high)}"


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def score_title(proxy: Proxy) -> str:
    """Return the title of an axis of a proxy's scores."""
    from eproxy_engine.baselines import Baseline  # here, as the first words of all do not wait for the engine
    from eproxy_engine.scoring import Ensemble

    if isinstance(proxy, Ensemble):
        return "score (aggregated ranks of the ensemble)"
    return f"score ({proxy.title})" if isinstance(proxy, Baseline) else "score (minus final loss)"
