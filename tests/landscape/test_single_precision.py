"""The other tests of landscapes compute in double precision; users do not."""

from collections.abc import Iterator

import pytest

from eproxy_engine.landscape.computing import evaluate
from eproxy_engine.landscape.scene import scene
from tests.landscape.tiny import evaluation_of, part
from tests.precision import in_double, rounding


@pytest.fixture(scope="module", autouse=True)
def _double() -> Iterator[None]:
    """Not here."""
    scene.cache_clear()
    yield
    scene.cache_clear()


@pytest.mark.every_machine
@pytest.mark.parametrize("piece", ["row", "slice"])
def test_losses_are_those_in_double_but_for_rounding(piece: str) -> None:
    wanted = evaluation_of(part(piece, centre=0))
    single = evaluate(wanted, "cpu").values[0]
    scene.cache_clear()
    with in_double():
        assert single == pytest.approx(evaluate(wanted, "cpu").values[0], rel=rounding(layers=10, terms=1024))
        assert single != evaluate(wanted, "cpu").values[0]
    scene.cache_clear()
