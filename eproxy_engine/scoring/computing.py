"""Computation of an evaluation of any kind."""

from __future__ import annotations

from eproxy_engine.baselines import Baseline, measuring
from eproxy_engine.landscape import Part
from eproxy_engine.landscape import computing as landscapes
from eproxy_engine.proxy import Evaluation, Outcome, training


def evaluate(evaluation: Evaluation, device: str = "auto") -> Outcome:
    """Compute an evaluation.

    Args:
        evaluation: Evaluation to compute.
        device: ``auto``, ``cpu`` or ``cuda``.

    Raises:
        UserError: If the device is not available.
    """
    if isinstance(evaluation.configuration, Baseline):
        return measuring.evaluate(evaluation, device)
    if isinstance(evaluation.configuration, Part):
        return landscapes.evaluate(evaluation, device)
    return training.evaluate(evaluation, device)
