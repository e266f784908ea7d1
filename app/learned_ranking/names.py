"""What scores are called on the page."""

from __future__ import annotations

from eproxy_engine.baselines import Baseline
from eproxy_engine.scoring.named import COMPOSITE_TITLES, EPROXIES


def score_title(name: str) -> str:
    """Return the title of a panel's score or of a reference; the name itself if it has none.

    >>> score_title("flops"), score_title("az_nas"), score_title("synflow"), score_title("mine 2")
    ('FLOPs', 'AZ-NAS', 'SynFlow', 'mine 2')
    >>> score_title("eproxy_laptop"), score_title("eproxy_laptop@3")
    ('Eproxy, preset laptop', 'Eproxy, preset laptop, iteration 3')
    """
    if name in COMPOSITE_TITLES:
        return COMPOSITE_TITLES[name]
    of_eproxy, _, iteration = name.partition("@")
    if of_eproxy in EPROXIES:
        return f"Eproxy, preset {EPROXIES[of_eproxy]}" + (f", iteration {iteration}" if iteration else "")
    return Baseline(name).title
