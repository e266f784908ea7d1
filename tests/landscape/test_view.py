"""Where a landscape is looked at: round trips and one clear line for every bad value."""

import json
from typing import Any

import numpy as np
import pytest

from eproxy_engine.errors import UserError, shown
from eproxy_engine.landscape import View

OTHER = View("path", centre=0, radius=0.25, steps=4, normalisation="layer", biases=True, draw=7)


@pytest.mark.parametrize("view", [View(), OTHER])
def test_plain_values_give_the_view_back(view: View) -> None:
    assert View.from_dict(json.loads(json.dumps(view.as_dict()))) == view


def test_what_is_missing_has_its_default() -> None:
    assert View.from_dict({}) == View()
    assert View.from_dict({"draw": 3}) == View(draw=3)


def test_a_whole_radius_is_the_same_number() -> None:
    assert View(radius=2).as_dict() == View(radius=2.0).as_dict()
    assert isinstance(View(radius=2).radius, float)


def test_coordinates_are_even_and_an_odd_number_has_the_middle() -> None:
    assert View(radius=2, steps=5).coordinates().tolist() == [-2, -1, 0, 1, 2]
    assert View(radius=3, steps=4).coordinates().tolist() == [-3, -1, 1, 3]
    for steps in range(3, 202, 2):
        along = View(radius=0.3, steps=steps).coordinates()
        assert (along[0], along[steps // 2], along[-1]) == (-0.3, 0, 0.3)
        assert np.allclose(np.diff(along), 0.6 / (steps - 1))


@pytest.mark.parametrize("limits", [{"centre": 0}, {"centre": 1000}, {"radius": 100}, {"steps": 3}, {"steps": 201}])
def test_limits_are_accepted(limits: dict[str, Any]) -> None:
    (name, value), *_ = limits.items()
    assert getattr(View(**limits), name) == value


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("plane", "flat", "random, path"),
        ("plane", None, "random, path"),
        ("plane", ["random"], "random, path"),
        ("normalisation", "weight", "filter, layer, none"),
        ("normalisation", True, "filter, layer, none"),
        ("biases", 1, "on, off"),
        ("biases", "yes", "on, off"),
        ("centre", -1, "a whole number from 0 to 1000"),
        ("centre", 1001, "a whole number from 0 to 1000"),
        ("centre", 2.0, "a whole number from 0 to 1000"),
        ("centre", False, "a whole number from 0 to 1000"),
        ("radius", 0, "a number from 1e-06 to 100"),
        ("radius", -1.0, "a number from 1e-06 to 100"),
        ("radius", float("nan"), "a number from 1e-06 to 100"),
        ("radius", float("inf"), "a number from 1e-06 to 100"),
        ("radius", "1", "a number from 1e-06 to 100"),
        ("radius", True, "a number from 1e-06 to 100"),
        ("radius", 10**400, "a number from 1e-06 to 100"),
        ("steps", 2, "a whole number from 3 to 201"),
        ("steps", 202, "a whole number from 3 to 201"),
        ("steps", [25], "a whole number from 3 to 201"),
        ("steps", np.nan, "a whole number from 3 to 201"),
        ("draw", 0, "a whole number from 1 to 2,147,483,647"),
        ("draw", None, "a whole number from 1 to"),
        ("colour", "blue", "plane, centre, radius, steps, normalisation, biases, draw"),
    ],
)
def test_bad_values_are_shown_with_what_is_accepted(name: str, value: object, accepted: str) -> None:
    with pytest.raises(UserError) as caught:
        View.from_dict({name: value})
    message = str(caught.value)
    assert name in message
    assert shown("colour" if name == "colour" else value) in message
    assert accepted in message
    assert "\n" not in message


@pytest.mark.parametrize("values", [None, 3, "random", ["random"]])
def test_a_view_is_a_mapping(values: object) -> None:
    with pytest.raises(UserError, match="mapping of plane, centre, radius") as caught:
        View.from_dict(values)
    assert repr(values) in str(caught.value)
