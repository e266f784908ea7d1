"""Numbers of things in words."""

from __future__ import annotations


def counted(count: int, one: str, many: str = "") -> str:
    """Say how many there are of something. ``many``: its plural; empty where that is an s at the end of ``one``.

    >>> counted(1, "proxy", "proxies"), counted(9, "proxy", "proxies"), counted(2400, "evaluation"), counted(0, "run")
    ('1 proxy', '9 proxies', '2,400 evaluations', '0 runs')
    """
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
