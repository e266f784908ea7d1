"""Icons of the kinds of runs, for a table."""

from __future__ import annotations

import base64

from app.shell.kinds import KINDS


def icon(kind: str) -> str:
    """Return the icon of a kind as the address of a picture."""
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="48" height="66" viewBox="-13 -21 50 66" fill="none" '
        f'stroke="{KINDS[kind].colour}" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round">'
        f"{KINDS[kind].strokes}</svg>"
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.encode()).decode()}"
