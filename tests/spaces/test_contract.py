"""What every registered search space has to do: keep the promises of eproxy_engine.spaces.contract, and more."""

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from eproxy_engine import spaces
from eproxy_engine.errors import UserError
from eproxy_engine.spaces import SearchSpace, contract
from eproxy_engine.spaces.contract import Promise
from eproxy_engine.spaces.contract.networks import (
    NETWORKS,
    every_parameter_learns,
    none_has_more_flops_than_the_largest,
)
from tests.properties import examples
from tests.registry import ONE_OF_EACH_CODE

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).parents[2]
SEEDS = st.integers(0, 2**32 - 1)


IN_CODE_ALONE = {
    promise
    for promise in NETWORKS
    if promise.test not in (every_parameter_learns, none_has_more_flops_than_the_largest)
}
"""What spaces with one code keep alike. They differ in their operations and in the largest of their architectures."""


@pytest.fixture(params=spaces.names(), scope="module")
def space(request: pytest.FixtureRequest) -> SearchSpace:
    return spaces.get(request.param)


@pytest.mark.parametrize(
    ("promise", "name"),
    [
        pytest.param(promise, name, id=f"{promise.title}-{name}")
        for promise in contract.promises()
        for name in (ONE_OF_EACH_CODE if promise in IN_CODE_ALONE else spaces.names())
    ],
)
def test_a_space_keeps_its_promises(promise: Promise, name: str) -> None:
    """Each on one draw; ``plugins check`` tries more. Tests of the families count the networks of all their spaces."""
    promise.test(spaces.get(name), np.random.default_rng(0))


@pytest.mark.parametrize("name", spaces.names())
@examples(0.4)
@given(seed=SEEDS, place=st.integers(0, 200), char=st.characters(codec="utf-8"), text=st.none() | st.text(max_size=30))
def test_a_text_is_an_architecture_or_a_user_error(name: str, seed: int, place: int, char: str, text: str) -> None:
    space = spaces.get(name)
    if text is None:  # one character of a valid text replaced
        valid = str(space.sample(np.random.default_rng(seed)))
        text = valid[: place % len(valid)] + char + valid[place % len(valid) + 1 :]
    try:
        architecture, refusal = space.parse(text), ""
    except UserError as error:
        architecture, refusal = None, str(error)
    assert repr(text) in refusal if refusal else space.parse(str(architecture)) == architecture


def test_samples_and_mutants_are_diverse(space: SearchSpace) -> None:
    rng = np.random.default_rng(0)
    start = space.sample(rng)
    assert len({space.sample(rng) for _ in range(50)}) > 40
    assert len({space.mutate(start, rng) for _ in range(50)}) > 8


@pytest.mark.parametrize("name", ONE_OF_EACH_CODE)
def test_the_narrowest_network_works(name: str) -> None:
    space = spaces.get(name)
    backbone = space.build(space.sample(np.random.default_rng(3)), 4)
    assert len(backbone(torch.zeros(2, 3, 32, 32))) == 3


def test_counting_leaves_torch_as_it_was() -> None:
    space, state = spaces.get("nasbench201"), torch.get_rng_state()
    space.complexity(space.sample(np.random.default_rng(0)), width=4)
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.zeros(1).device.type == "cpu"
    assert torch.is_grad_enabled()


def test_an_unknown_space_is_told_with_the_nearest_and_where_all_are_listed() -> None:
    listed = r"nasbench101, nasbench201, transnas101-micro and 23 more: `eproxy spaces` and the page Architectures list"
    with pytest.raises(UserError, match=rf"unknown search space 'nowhere'; accepted: {listed}"):
        spaces.get("nowhere")
    with pytest.raises(UserError, match=rf"'nasbench202'; did you mean nasbench201\? accepted: {listed}"):
        spaces.get("nasbench202")


def test_a_taken_name_cannot_be_registered(space: SearchSpace) -> None:
    before = spaces.names()
    with pytest.raises(ValueError, match=repr(space.name)):
        spaces.register(space)
    assert spaces.names() == before
