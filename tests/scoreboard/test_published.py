"""The published figures, as read by hand from the paper's tables."""

from __future__ import annotations

import pytest

from eproxy_engine.errors import UserError
from eproxy_engine.scoreboard import Cell, table, tables
from eproxy_engine.scoreboard.published import AVERAGE


def cell(number: int, part: str, row: str, column: str) -> Cell:
    wanted = (part, row, column)
    return next(each for each in table(number).cells if (each.part, each.row, each.column) == wanted)


@pytest.mark.parametrize(
    ("number", "part", "row", "column", "rho", "top10"),
    [
        (1, "NAS-Bench-101", "10 iterations", "barrier, lr 1", 0.65, None),
        (1, "NAS-Bench-101", "10 iterations", "no barrier, lr 1", 0.08, None),
        (1, "NAS-Bench-101", "100 iterations", "no barrier, lr 0.01", 0.76, None),
        (1, "NAS-Bench-101", "200 iterations", "barrier, lr 0.1", 0.83, None),
        (2, "NAS-Bench-101", "Grasp", "CIFAR-10", 0.45, 0.26),
        (2, "NAS-Bench-101", "NASWOT", "CIFAR-10", 0.40, 0.29),
        (2, "NAS-Bench-101", "Eproxy+DPS", "CIFAR-10", 0.69, 0.38),
        (3, "CIFAR-10", "Synflow", "ENAS-f", -0.30, 0.02),
        (3, "CIFAR-10", "NASWOT", "ResX-A", 0.64, 0.28),
        (3, "CIFAR-10", "Eproxy+DPS", "ResX-B", 0.60, 0.19),
        (3, "ImageNet", "Eproxy", "ResX-B", 0.70, 0.43),
        (3, "ImageNet", "Eproxy+DPS", "DARTS", 0.85, 0.50),
        (4, "TransNAS-Bench-101 Micro", "NASWOT", "AE", -0.02, 0.02),
        (4, "TransNAS-Bench-101 Micro", "Eproxy+DPS", "Normal", 0.81, 0.63),
        (4, "TransNAS-Bench-101 Micro", "ES", "Cls. Obj.", 0.01, 0.07),
        (5, "NAS-Bench-MR", "NASWOT", "Video-p", -0.36, 0.0),
        (5, "NAS-Bench-MR", "Cls-C full training", "Cls-10c", 0.53, 0.34),
    ],
)
def test_cells(number: int, part: str, row: str, column: str, rho: float, top10: float | None) -> None:
    found = cell(number, part, row, column)
    assert (found.rho, found.top10) == (rho, top10)


def test_what_our_copy_has_lost_is_unknown_and_says_so() -> None:
    for row in ("Synflow", "NASWOT", "Eproxy", "Eproxy+DPS"):
        for part, column in (("ImageNet", "DARTS-f"), ("CIFAR-10", "NASNet")):
            found = cell(3, part, row, column)
            assert (found.rho, found.top10) == (None, None)
            assert "lost" in found.note
    lost = [each for number in (1, 2, 3, 4, 5) for each in table(number).cells if each.rho is None and not each.ours]
    assert all(each.note for each in lost)


def test_the_text_contradicts_table_2() -> None:
    assert "0.38" in cell(2, "NAS-Bench-101", "NASWOT", "CIFAR-10").note
    assert "0.45" in cell(2, "NAS-Bench-101", "Synflow", "CIFAR-10").note


def test_every_average_is_that_of_its_row() -> None:
    """A slip in copying would show. The paper rounds, and two of its averages are off by 0.02."""
    checked = 0
    averages = [c for given in tables() for c in given.cells if c.column == AVERAGE and c.rho is not None]
    for each in averages:
        rhos = [c.rho for c in table(each.table).cells if (c.part, c.row) == (each.part, each.row) and c != each]
        if None not in rhos:
            checked += 1
            assert sum(rhos) / len(rhos) == pytest.approx(each.rho, abs=0.025), each.title  # type: ignore[arg-type]
    assert checked == 9


def test_only_imagenet_is_transferred() -> None:
    transferred = {(each.part, each.row) for given in tables() for each in given.cells if each.transferred}
    assert transferred == {("ImageNet", "Eproxy+DPS")}


def test_an_unknown_table_is_told() -> None:
    with pytest.raises(UserError, match="table"):
        table(6)
