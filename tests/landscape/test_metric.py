"""The regression loss as a metric of the package loss-landscapes."""

import copy

import numpy as np
import pytest
import torch
from loss_landscapes import linear_interpolation, point
from loss_landscapes.metrics import Metric

from eproxy_engine.landscape.computing import evaluate
from eproxy_engine.landscape.metric import RegressionLoss
from eproxy_engine.landscape.part import interpolation_coordinates
from eproxy_engine.proxy import Branch
from eproxy_engine.proxy.training import Training
from tests.landscape.tiny import computed, configuration, evaluation_of, part, training_in
from tests.precision import DOUBLE, SINGLE, rounding


def test_the_metric_is_the_sum_of_the_branches_losses() -> None:
    branches = tuple(Branch(stage, c_mid=16, c_out=16) for stage in ("deepest", "before_first"))
    training = training_in("transnas101-micro", branches=branches)
    metric = RegressionLoss(training.x, training.labels)
    assert isinstance(metric, Metric)
    expected = sum(loss.item() for loss in training.losses())
    assert point(copy.deepcopy(training.network), metric) == pytest.approx(expected, rel=rounding(epsilon=DOUBLE))


def test_interpolations_are_those_of_the_package() -> None:
    """Its point i is at (i + 1) / steps; ours are twentieths from −¼ to 1¼."""
    steps, updates = 20, 3
    start = Training.of(evaluation_of(configuration()), "cpu")
    end = copy.deepcopy(start.network)
    trained = Training.of(evaluation_of(configuration()), "cpu")
    for _ in range(updates):
        trained.update(trained.losses())
    end.load_state_dict(trained.network.state_dict())
    metric = RegressionLoss(start.x, start.labels)
    theirs = linear_interpolation(start.network, end, metric, steps, deepcopy_model=True)
    ours = np.array(computed(part("interpolation", changes={"iterations": updates})).values[0])
    places = [np.abs(interpolation_coordinates() - (i + 1) / steps).argmin() for i in range(steps)]
    assert np.allclose(interpolation_coordinates()[places], np.arange(1, steps + 1) / steps)
    steepest = 100  # relative, more than the loss is anywhere
    assert ours[places] == pytest.approx(theirs, rel=steepest * SINGLE)  # our coordinates are single
    assert np.ptp(theirs) > 0.01


def test_the_device_and_the_generator_are_left_alone() -> None:
    state = torch.get_rng_state()
    evaluate(evaluation_of(part("frame", centre=0, changes={"iterations": 1})), "cpu")
    assert torch.equal(torch.get_rng_state(), state)
