"""Eigenvalue and trace of Hessians that are known exactly."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from eproxy_engine.landscape.curvature import Vector, hessian_product, top_eigenvalue, trace
from tests.precision import DOUBLE, near, rounding


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def quadratic(eigenvalues: list[float], turned: bool = True) -> tuple[Tensor, list[Tensor]]:
    """½ wᵀAw with these eigenvalues, and w in two tensors."""
    size = len(eigenvalues)
    basis = torch.eye(size, dtype=torch.float64)
    if turned:
        basis = torch.linalg.qr(torch.randn(size, size, generator=seeded(3), dtype=torch.float64))[0]
    matrix = basis @ torch.diag(torch.tensor(eigenvalues, dtype=torch.float64)) @ basis.T
    parts = [torch.ones(shape, dtype=torch.float64, requires_grad=True) for shape in ((2, 1), (size - 2,))]
    w = torch.cat([each.flatten() for each in parts])
    return w @ matrix @ w / 2, parts


@pytest.mark.parametrize(
    ("eigenvalues", "top"), [([5.0, 2.0, 1.0, 0.5], 5.0), ([-5.0, 2.0, 1.0, 3.0], -5.0), ([0.0, 0.0, 1e-4, 0.0], 1e-4)]
)
@pytest.mark.parametrize("seed", range(5))
def test_the_top_eigenvalue_is_that_of_largest_magnitude(eigenvalues: list[float], top: float, seed: int) -> None:
    loss, parts = quadratic(eigenvalues)
    value, error = top_eigenvalue(hessian_product(loss, parts), parts, seeded(seed))
    assert value == pytest.approx(top, rel=0.02)
    assert error < 0.2


def test_the_error_is_that_of_the_vector_found() -> None:
    """With eigenvalues ±1 the iteration never settles: ‖Hv‖ is 1, hence ‖Hv − λv‖² = 1 − λ²."""
    loss, parts = quadratic([1.0, 1.0, -1.0, -1.0])
    value, error = top_eigenvalue(hessian_product(loss, parts), parts, seeded())
    assert 0 < abs(value) < 0.99
    assert error == pytest.approx(math.sqrt(1 - value**2) / abs(value))


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_an_iteration_that_is_cut_short_has_the_error_of_where_it_stands(
    sign: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eproxy_engine.landscape.curvature.MOST_ITERATIONS", 3)
    loss, parts = quadratic([sign * 2.0, sign * 1.5, 0.1, 0.0])
    product = hessian_product(loss, parts)
    seen: list[tuple[Vector, list[Tensor]]] = []

    def watched(vector: Vector) -> list[Tensor]:
        seen.append((vector, product(vector)))
        return seen[-1][1]

    value, error = top_eigenvalue(watched, parts, seeded())
    vector, image = (torch.cat([each.flatten() for each in side]) for side in seen[-1])
    assert value == pytest.approx(float(vector @ image))
    assert error == pytest.approx(float((image - value * vector).norm()) / abs(value))


def test_a_plane_has_no_curvature() -> None:
    parts = [torch.ones(3, requires_grad=True)]
    product = hessian_product((parts[0] * parts[0]).sum() * 0, parts)
    value, error = top_eigenvalue(product, parts, seeded())
    assert value == 0
    assert math.isnan(error)
    assert trace(product, parts, seeded()) == (0, 0)


def test_what_is_not_finite_is_nan() -> None:
    parts = [torch.tensor([math.nan, 1.0], requires_grad=True)]
    product = hessian_product((parts[0] ** 4).sum(), parts)
    assert np.isnan([*top_eigenvalue(product, parts, seeded()), *trace(product, parts, seeded())]).all()


def test_the_trace_of_a_diagonal_hessian_is_exact() -> None:
    loss, parts = quadratic([4.0, -1.0, 2.0, 0.5], turned=False)
    assert trace(hessian_product(loss, parts), parts, seeded()) == (5.5, 0)


def test_a_parameter_without_effect_has_no_curvature() -> None:
    used, unused = torch.ones(2, requires_grad=True), torch.ones(3, requires_grad=True)
    product = hessian_product((used**2).sum() + unused.sum(), [used, unused])
    assert [each.tolist() for each in product([torch.ones(2), torch.ones(3)])] == [[2, 2], [0, 0, 0]]


def network() -> tuple[Tensor, list[Tensor], Tensor]:
    """Loss and parameters of two layers, and the exact Hessian ``[n, n]``."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)).double()
        x, y = torch.randn(8, 3).double(), torch.randn(8, 2).double()
    names, parameters = zip(*model.named_parameters(), strict=True)

    def loss(*given: Tensor) -> Tensor:
        predicted = torch.func.functional_call(model, dict(zip(names, given, strict=True)), (x,))
        return nn.functional.mse_loss(predicted, y)

    blocks = torch.autograd.functional.hessian(loss, parameters)
    sizes = [each.numel() for each in parameters]
    rows = [[each.reshape(size, -1) for each in row] for size, row in zip(sizes, blocks, strict=True)]
    return loss(*parameters), list(parameters), torch.cat([torch.cat(row, dim=1) for row in rows])


def test_a_network_s_hessian_is_the_exact_one() -> None:
    loss, parameters, exact = network()
    product = hessian_product(loss, parameters)
    vector = [torch.randn(each.shape, generator=seeded(5), dtype=torch.float64) for each in parameters]
    found = torch.cat([each.flatten() for each in product(vector)])
    near(found, exact @ torch.cat([each.flatten() for each in vector]), rounding(epsilon=DOUBLE))
    eigenvalues = np.linalg.eigvalsh(exact.numpy())
    top = eigenvalues[np.abs(eigenvalues).argmax()]
    value, error = top_eigenvalue(product, parameters, seeded())
    assert value == pytest.approx(top, rel=0.03)
    assert np.abs(eigenvalues - value).min() <= error * abs(value) * (1 + 1e-9)  # what the residual promises
    estimate, standard_error = trace(product, parameters, seeded())
    assert 0 < standard_error < abs(estimate)
    assert abs(estimate - exact.trace().item()) < 3 * standard_error


def test_the_standard_error_is_that_of_the_mean_over_probes() -> None:
    """H = [[0, 1], [1, 0]]: zᵀHz is ±2, so that the estimate says how many signs agreed."""
    parts = [torch.ones(2, requires_grad=True)]
    mean, error = trace(hessian_product(parts[0][0] * parts[0][1], parts), parts, seeded())
    agreed = round((mean / 2 + 1) * 5)
    values = [2.0] * agreed + [-2.0] * (10 - agreed)
    assert (mean, error) == pytest.approx((np.mean(values), np.std(values, ddof=1) / math.sqrt(10)))


def test_a_layer_that_leads_nowhere_has_no_curvature() -> None:
    """As networks of NAS-Bench-201 have, where an operation's output is not used."""
    used, idle = torch.tensor([1.0, 2.0], requires_grad=True), torch.tensor([3.0], requires_grad=True)
    product = hessian_product((used**2).sum(), [used, idle])
    assert [each.tolist() for each in product([torch.ones(2), torch.ones(1)])] == [[2.0, 2.0], [0.0]]
