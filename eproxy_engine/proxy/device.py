"""Where evaluations are computed."""

from __future__ import annotations

import torch

from eproxy_engine.errors import UserError


def resolve_device(device: str) -> str:
    """Replace ``auto`` by ``cuda`` or ``cpu``. Raises UserError if the device is unknown or missing."""
    if device not in ("auto", "cpu", "cuda"):
        raise UserError(f"unknown device {device!r}; accepted: auto, cpu, cuda")
    if device == "cuda" and not torch.cuda.is_available():
        raise UserError("device 'cuda' is not available on this machine; accepted: auto, cpu")
    return ("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device
