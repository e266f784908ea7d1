"""Estimates of what evaluations cost, against what they take."""

from dataclasses import replace

import pytest

from eproxy_engine import spaces
from eproxy_engine.bench import peak_megabytes
from eproxy_engine.proxy import Evaluation, preset
from eproxy_engine.proxy.cost import STARTING, multiply_accumulates, peak_bytes


def test_cost_grows_with_width_images_and_iterations() -> None:
    small = preset("laptop")
    cost = multiply_accumulates(small, "nasbench201", 1e8)
    assert multiply_accumulates(replace(small, iterations=20), "nasbench201", 1e8) == 2 * cost
    started = small.iterations * STARTING
    more_images = multiply_accumulates(replace(small, batch=32), "nasbench201", 1e8)
    assert more_images - started == pytest.approx(2 * (cost - started))
    wider = multiply_accumulates(replace(small, width=32), "nasbench201", 1e8)
    assert 3.5 * (cost - started) < wider - started < 4 * (cost - started)
    assert peak_bytes(small, "nasbench201", 1e6, 1e6) < peak_bytes(replace(small, batch=32), "nasbench201", 1e6, 1e6)
    assert peak_bytes(small, "nasbench201", 1e6, 1e6) < peak_bytes(replace(small, width=64), "nasbench201", 1e6, 1e6)


@pytest.mark.processes
def test_the_estimate_of_memory_is_near_what_a_process_takes() -> None:
    """Where activations take more than Python and torch do."""
    space = spaces.get("nasbench201")
    complexity = space.complexity(space.largest())
    configuration = replace(preset("laptop"), width=16, batch=48, iterations=2)
    evaluation = Evaluation.of(space.name, str(space.largest()), configuration, "noise", 1)
    measured = 2**20 * peak_megabytes(evaluation, "cpu")
    estimated = peak_bytes(configuration, space.name, complexity.activations, complexity.parameters)
    assert 0.7 < measured / estimated < 1.3
