"""Few-shot training by hand (Eq. 1, A.1), its determinism, and what identifies an evaluation."""

import json
import math
import random
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from eproxy_engine import images
from eproxy_engine.errors import UserError
from eproxy_engine.proxy import Branch, Configuration, Evaluation, Outcome, building, inputs, training
from eproxy_engine.proxy.arithmetic import Arithmetic
from eproxy_engine.proxy.building import build
from eproxy_engine.proxy.descent import Descent
from eproxy_engine.proxy.inputs import make_targets
from eproxy_engine.proxy.training import Training, evaluate
from tests.precision import DOUBLE, in_double, near, rounding, trained

ROOT = Path(__file__).parents[2]
PLAIN = Arithmetic(channels_last=False, fused_optimiser=False, last_update=True)
CELL_201 = "|nor_conv_3x3~0|+|nor_conv_1x1~0|skip_connect~1|+|skip_connect~0|avg_pool_3x3~1|nor_conv_3x3~2|"
CELL_101 = "101101100001000100101:conv3x3,conv3x3,conv3x3,conv3x3,conv3x3"
STAGES = ("deepest", "before_second", "before_first")


def small(*stages: str, **changes: Any) -> Configuration:
    branches = tuple(Branch(stage, ("net",), c_mid=16, c_out=16) for stage in stages or ("deepest",))
    values = {"branches": branches, "width": 4, "iterations": 3, "batch": 4, "learning_rate": 0.1} | changes
    return Configuration(**values)


def evaluation(configuration: Configuration | None = None, cell: str = CELL_201, seed: int = 1) -> Evaluation:
    space = "nasbench201" if "|" in cell else "nasbench101"
    return Evaluation.of(space, cell, configuration or small(), "noise", seed)


def run(wanted: Evaluation, arithmetic: Arithmetic = Arithmetic()) -> Outcome:  # noqa: B008
    return evaluate(wanted, device="cpu", arithmetic=arithmetic)


def batch_of(wanted: Evaluation) -> Tensor:
    return torch.from_numpy(images.load_batch(wanted.images, wanted.configuration.batch, seed=wanted.seed))


def targets_of(wanted: Evaluation) -> list[Tensor]:
    return make_targets(wanted.configuration, wanted.seed, batch_of(wanted))


@pytest.fixture
def double() -> Iterator[None]:
    with in_double():
        yield


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Modules and descent of the latest evaluation, as it left them."""
    seen: dict[str, Any] = {}
    real_build, real_on = building.build, Descent.on

    def keep_modules(wanted: Evaluation) -> Any:
        seen["backbone"], seen["heads"] = real_build(wanted)
        return seen["backbone"], seen["heads"]

    def keep_descent(*args: Any) -> Descent:
        seen["descent"] = real_on(*args)
        return seen["descent"]

    monkeypatch.setattr(training, "build", keep_modules)
    monkeypatch.setattr(Descent, "on", keep_descent)
    return seen


# Eq. 1 and its training


@pytest.mark.usefixtures("double")
@pytest.mark.parametrize("cell", [CELL_201, CELL_101])
@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("barrier", [True, False])
def test_first_loss_is_that_of_equation_1(cell: str, stage: str, barrier: bool) -> None:
    wanted = evaluation(small(stage, barrier=barrier, iterations=1), cell)
    backbone, (head,) = build(wanted)
    (label,) = targets_of(wanted)
    convolution, relu, normalisation = head.transform
    with torch.no_grad():
        output = backbone(batch_of(wanted).double())[STAGES.index(stage)]
        step = output.shape[-1] // 8
        hidden = normalisation(relu(convolution(output[:, :, ::step, ::step])))
        identity = torch.eye(16).double()[:, :, None, None]
        weight, bias = (head.barrier.weight, head.barrier.bias) if barrier else (identity, None)
        prediction = nn.functional.conv2d(hidden, weight, bias, padding=weight.shape[-1] // 2)
        by_hand = ((prediction - label) ** 2).mean()
    assert isinstance(relu, nn.ReLU)
    assert run(wanted).values[0][0] == pytest.approx(by_hand.item(), rel=rounding(epsilon=DOUBLE))


@pytest.mark.every_machine
def test_in_single_precision_the_first_loss_is_that_of_double() -> None:
    wanted = evaluation(small(*STAGES))
    single = run(wanted).values[0]
    with in_double():
        assert single == pytest.approx(run(wanted).values[0], rel=rounding(layers=20, terms=1024))


def by_hand(wanted: Evaluation) -> tuple[list[float], dict[str, Tensor]]:
    """SGD with momentum written out: losses, and the weights afterwards."""
    configuration = wanted.configuration
    backbone, heads = build(wanted)
    modules = nn.ModuleList([backbone, *heads])
    (label,) = targets_of(wanted)
    x = batch_of(wanted).double()
    weights = {name: p for name, p in modules.named_parameters() if ".barrier." not in name}
    velocity = {name: torch.zeros_like(p) for name, p in weights.items()}
    losses = []
    for _ in range(configuration.iterations):
        loss = ((heads[0](backbone(x)[0]) - label) ** 2).mean()
        losses.append(loss.item())
        gradients = torch.autograd.grad(loss, list(weights.values()))
        with torch.no_grad():
            for (name, p), gradient in zip(weights.items(), gradients, strict=True):
                decayed = gradient + (configuration.weight_decay * p if p.ndim > 1 else 0)
                velocity[name] = configuration.momentum * velocity[name] + decayed
                p -= configuration.learning_rate * velocity[name]
    return losses, {name: p.detach() for name, p in weights.items()}


@pytest.mark.usefixtures("double")
@pytest.mark.parametrize("changes", [{}, {"weight_decay": 0.1}, {"momentum": 0.0}, {"learning_rate": 0.5}])
def test_training_is_gradient_descent_with_momentum(left: dict[str, Any], changes: dict[str, float]) -> None:
    wanted = evaluation(small(**changes))
    losses = [row[0] for row in run(wanted, PLAIN).values]
    expected, weights = by_hand(wanted)
    assert losses == pytest.approx(expected, rel=trained(updates=2))
    after = dict(nn.ModuleList([left["backbone"], *left["heads"]]).named_parameters())
    for name, weight in weights.items():
        near(after[name].detach(), weight, trained(updates=3))


@pytest.mark.usefixtures("double")
def test_the_quick_arithmetic_gives_the_plain_losses() -> None:
    quick, plain = (np.array(run(evaluation(), arithmetic).values) for arithmetic in (Arithmetic(), PLAIN))
    assert quick == pytest.approx(plain, rel=trained(updates=2))


def test_one_loss_an_iteration_before_its_update() -> None:
    losses = run(evaluation()).values
    assert len(losses) == 3
    assert len({row[0] for row in losses}) == 3
    longer = run(evaluation(small(iterations=5))).values
    assert longer[:3] == losses


def test_the_barrier_stays_as_it_was_drawn(left: dict[str, Any]) -> None:
    wanted = evaluation()
    run(wanted)
    backbone, (head,) = build(wanted)
    (after,) = left["heads"]
    assert torch.equal(after.barrier.weight, head.barrier.weight)
    assert torch.equal(after.barrier.bias, head.barrier.bias)
    assert not torch.equal(after.transform[0].weight, head.transform[0].weight)
    assert not torch.equal(left["backbone"].stem[0].weight, backbone.stem[0].weight)
    moved = {id(p) for parameters in left["descent"].parameters.values() for p in parameters}
    assert not moved & {id(p) for p in after.barrier.parameters()}
    everything_else = [*left["backbone"].parameters(), *after.transform.parameters()]
    assert moved == {id(p) for p in everything_else}


def test_weight_decay_is_for_convolution_weights_only(left: dict[str, Any]) -> None:
    run(evaluation(small(weight_decay=0.05, momentum=0.7, learning_rate=0.3)))
    descent = left["descent"]
    modules = nn.ModuleList([left["backbone"], *(head.transform for head in left["heads"])])
    convolutions = {id(m.weight) for m in modules.modules() if isinstance(m, nn.Conv2d)}
    assert descent.parameters.keys() == {0.05, 0.0}
    assert {id(p) for p in descent.parameters[0.05]} == convolutions
    assert (descent.learning_rate, descent.momentum) == (0.3, 0.7)


@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("changes", [{}, {"weight_decay": 0.0}, {"momentum": 0.0}])
def test_a_step_is_bit_by_bit_that_of_torch(changes: dict[str, float], fused: bool) -> None:
    """With a layer that leads nowhere, as some architectures have."""
    configuration = small(**{"weight_decay": 0.1, "momentum": 0.7} | changes)
    layers = nn.ModuleList([nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Conv2d(3, 4, 3)])
    copies = deepcopy(layers)
    descent = Descent.on(layers, configuration, fused)
    groups = [
        {"params": [layer.weight for layer in copies if isinstance(layer, nn.Conv2d)]},
        {"params": [p for p in copies.parameters() if p.ndim == 1], "weight_decay": 0.0},
    ]
    expected = torch.optim.SGD(
        groups,
        lr=configuration.learning_rate,
        momentum=configuration.momentum,
        weight_decay=configuration.weight_decay,
        fused=fused,
    )
    for _ in range(3):
        x = torch.randn(2, 3, 8, 8)
        for network, optimiser in ((layers, descent), (copies, expected)):
            network[1](network[0](x)).square().sum().backward()
            optimiser.step()
        expected.zero_grad()
        assert all(p.grad is None for p in layers.parameters())
    for mine, torchs in zip(layers.parameters(), copies.parameters(), strict=True):
        assert torch.equal(mine, torchs)


def test_without_a_barrier_the_target_meets_the_transform_layer() -> None:
    branch = Branch("deepest", ("net",), c_mid=32, c_out=16)
    with_barrier, without = (evaluation(small(branches=(branch,), barrier=on)) for on in (True, False))
    assert [t.shape[1] for t in targets_of(with_barrier)] == [16]
    assert [t.shape[1] for t in targets_of(without)] == [32]
    backbone, (head,) = build(without)
    output = backbone(batch_of(without))[0]
    assert head(output).shape == (4, 32, 8, 8)
    assert list(head.barrier.parameters()) == []
    assert math.isfinite(run(without).values[-1][0])


@pytest.mark.parametrize("kernel", [1, 3, 7])
def test_kernels_are_those_of_the_branch(kernel: int) -> None:
    branch = Branch("deepest", ("net",), transform_kernel=kernel, barrier_kernel=kernel, c_mid=16, c_out=32)
    backbone, (head,) = build(evaluation(small(branches=(branch,))))
    assert head.transform[0].weight.shape == (16, backbone.stage_channels[0], kernel, kernel)
    assert head.barrier.weight.shape == (32, 16, kernel, kernel)
    assert head(torch.zeros(2, backbone.stage_channels[0], 8, 8)).shape == (2, 32, 8, 8)


@pytest.mark.every_machine
def test_three_branches_give_three_losses_deepest_first() -> None:
    losses = run(evaluation(small("before_first", "deepest", "before_second"))).values
    assert [len(row) for row in losses] == [3, 3, 3]
    alone = [run(evaluation(small(stage, iterations=1))).values[0][0] for stage in STAGES]
    assert losses[0] == pytest.approx(alone, rel=rounding(layers=20, terms=1024))


def test_the_update_after_the_last_loss_changes_no_loss() -> None:
    assert run(evaluation(), Arithmetic(last_update=True)).values == run(evaluation()).values


@pytest.mark.usefixtures("double")
def test_all_branches_train_the_network_together(left: dict[str, Any]) -> None:
    wanted = evaluation(small(*STAGES, iterations=1, momentum=0.0, weight_decay=0.0))
    run(wanted, PLAIN)
    backbone, heads = build(wanted)
    outputs = backbone(batch_of(wanted).double())
    losses = [((h(o) - t) ** 2).mean() for h, o, t in zip(heads, outputs, targets_of(wanted), strict=True)]
    (gradient,) = torch.autograd.grad(losses[0] + losses[1] + losses[2], [backbone.stem[0].weight])
    expected = backbone.stem[0].weight.detach() - 0.1 * gradient
    near(left["backbone"].stem[0].weight.detach(), expected, trained(updates=1))


def standard_deviation(scheme: str, c_in: int, c_out: int, kernel: int) -> float:
    fan_in, fan_out = c_in * kernel**2, c_out * kernel**2
    return math.sqrt(2 / fan_in if scheme.startswith("kaiming") else 2 / (fan_in + fan_out))


@pytest.mark.parametrize("scheme", ["kaiming_normal", "kaiming_uniform", "xavier_normal", "xavier_uniform"])
def test_initialisations_have_their_spread_and_their_place(scheme: str) -> None:
    branch = Branch("deepest", ("net",), transform_kernel=3, barrier_kernel=3, c_mid=128, c_out=64)
    plain = build(evaluation(small(branches=(branch,))))
    network = build(evaluation(small(branches=(branch,), network_init=scheme)))
    barrier = build(evaluation(small(branches=(branch,), barrier_init=scheme)))
    changed = network[1][0].transform[0].weight
    assert changed.std().item() == pytest.approx(standard_deviation(scheme, 16, 128, 3), rel=0.05)
    assert torch.equal(network[1][0].barrier.weight, plain[1][0].barrier.weight)
    changed = barrier[1][0].barrier.weight
    assert changed.std().item() == pytest.approx(standard_deviation(scheme, 128, 64, 3), rel=0.05)
    assert torch.equal(barrier[1][0].transform[0].weight, plain[1][0].transform[0].weight)
    assert torch.equal(barrier[0].stem[0].weight, plain[0].stem[0].weight)
    assert not torch.equal(network[0].stem[0].weight, plain[0].stem[0].weight)
    is_uniform = changed.abs().max() < 1.8 * changed.std()
    assert is_uniform == scheme.endswith("uniform")
    assert not changed.requires_grad


# determinism


def test_an_evaluation_depends_on_its_key_alone() -> None:
    wanted = evaluation(small("deepest", "before_second"))
    torch.manual_seed(1)
    first = run(wanted).values
    torch.manual_seed(2)
    np.random.seed(2)
    run(evaluation(cell=CELL_101, seed=5))
    torch.randn(100)
    assert run(wanted).values == first


@pytest.mark.processes
def test_another_process_gives_the_same_floats() -> None:
    code = (
        "import json, sys, torch\n"
        "from eproxy_engine.proxy import Configuration, Evaluation\n"
        "from eproxy_engine.proxy.training import evaluate\n"
        "torch.manual_seed(99); torch.randn(7)\n"
        "configuration = Configuration.from_dict(json.loads(sys.argv[1]))\n"
        "for cell in sys.argv[2:]:\n"
        "    wanted = Evaluation.of('nasbench201', cell, configuration, 'noise', 1)\n"
        "    losses = evaluate(wanted, device='cpu').values\n"
        "assert 'torch._dynamo' not in sys.modules  # seconds, which torch's own optimisers take to import\n"
        "print(json.dumps([[loss.hex() for loss in row] for row in losses]))"
    )
    other_first = CELL_201.replace("skip_connect", "nor_conv_1x1")
    arguments = [json.dumps(small(*STAGES).as_dict()), other_first, CELL_201]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, check=True, text=True
    )
    here = run(evaluation(small(*STAGES))).values
    assert json.loads(done.stdout) == [[loss.hex() for loss in row] for row in here]


def test_seeds_give_different_evaluations() -> None:
    assert len({run(evaluation(seed=seed)).values for seed in range(3)}) == 3


@pytest.mark.parametrize("failing", [False, True])
def test_evaluate_leaves_torch_as_it_was(monkeypatch: pytest.MonkeyPatch, failing: bool) -> None:
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        states = torch.get_rng_state(), np.random.get_state()[1].tolist(), random.getstate()  # type: ignore[index]
        if failing:
            monkeypatch.setattr(inputs, "_labels", lambda *_: pytest.fail("on purpose"))
            with pytest.raises(pytest.fail.Exception, match="on purpose"):
                run(evaluation())
        else:
            run(evaluation())
        assert torch.get_num_threads() == 2
        assert torch.equal(torch.get_rng_state(), states[0])
        assert (np.random.get_state()[1].tolist(), random.getstate()) == states[1:]  # type: ignore[index]
        assert torch.is_grad_enabled()
        assert torch.tensor(1e-40) + 0 == torch.tensor(1e-40)
        assert (torch.tensor([1e-38]) / 100).item() > 0  # denormals are not flushed
    finally:
        torch.set_num_threads(threads)


@pytest.mark.every_machine
def test_less_precise_convolutions_give_other_losses_that_are_near() -> None:
    exact, rough = (run(evaluation(small(precision=precision))) for precision in ("float32", "bfloat16"))
    assert exact.values[-1] != rough.values[-1]
    assert rough.values[0] == pytest.approx(exact.values[0], rel=2 * 20 * 2**-9)  # 20 layers' outputs, of 8 bits each
    network = Training.of(evaluation(small(precision="bfloat16")), "cpu").network
    assert {parameter.dtype for parameter in network.parameters()} == {torch.float32}


# divergence and score


@pytest.mark.parametrize(("size", "rows"), [(math.nan, 1), (math.inf, 1), (1e30, 1), (1e17, 2)])
def test_a_diverged_training_stops_and_ranks_last(monkeypatch: pytest.MonkeyPatch, size: float, rows: int) -> None:
    monkeypatch.setattr(inputs, "_labels", lambda *_: [torch.full((4, 16, 8, 8), size)])
    configuration = small(learning_rate=10.0, iterations=20)
    outcome = run(evaluation(configuration))
    assert outcome.diverged
    assert rows <= len(outcome.values) < 20
    assert all(math.isfinite(loss) for row in outcome.values[:-1] for loss in row)
    assert not math.isfinite(outcome.values[-1][0])
    assert outcome.score(configuration, 0.5) == -math.inf


def test_one_branch_that_diverges_makes_the_evaluation_diverge() -> None:
    outcome = Outcome(((1.0, 2.0), (0.5, math.nan)), seconds=1.0)
    assert outcome.diverged
    assert outcome.score(small("deepest", "before_first", branch_weights="halving"), 0.0) == -math.inf
    assert not Outcome(((1.0, 2.0), (0.5, 1e30)), seconds=1.0).diverged


@pytest.mark.parametrize(
    ("weights", "alpha", "flops_norm", "score"),
    [
        ("equal", 0.0, 0.7, -(0.5 + 0.25 + 0.125)),
        ("halving", 0.0, 0.7, -(0.5 + 0.25 / 2 + 0.125 / 4)),
        ("equal", 0.5, 0.5, -0.875 * 1.25),
        ("equal", -0.5, 1.0, -0.875 * 0.5),
        ("halving", -0.2, 0.5, -0.65625 * 0.9),
    ],
)
def test_score_by_hand(weights: str, alpha: float, flops_norm: float, score: float) -> None:
    outcome = Outcome(((4.0, 4.0, 4.0), (0.5, 0.25, 0.125)), seconds=1.0)
    configuration = small(*STAGES, branch_weights=weights, flops_weight=alpha)
    assert outcome.score(configuration, flops_norm) == pytest.approx(score)


@pytest.mark.parametrize(
    ("read_out", "score"),
    [
        (1, -(4.0 + 2.0) * 0.9),
        (2, -(1.0 + 0.5) * 0.9),
        (3, -(0.25 + 0.125) * 0.9),
        ("last", -(0.25 + 0.125) * 0.9),
        (4, -(0.25 + 0.125) * 0.9),
    ],
)
def test_the_score_at_a_read_out_by_hand(read_out: int | str, score: float) -> None:
    """Minus the loss of that iteration, times 1 + α·F = 1 − 0.2 · 0.5."""
    outcome = Outcome(((4.0, 2.0), (1.0, 0.5), (0.25, 0.125)), seconds=1.0)
    configuration = small("deepest", "before_first", flops_weight=-0.2, read_out=read_out, iterations=3)
    assert outcome.score(configuration, 0.5) == pytest.approx(score)


def test_what_diverges_after_the_read_out_has_a_score() -> None:
    outcome = Outcome(((4.0,), (2.0,), (math.nan,)), seconds=1.0)
    scores = [outcome.score(small(read_out=at, iterations=10), 0.0) for at in (1, 2, 3, 4, "last")]
    assert scores == [-4.0, -2.0, -math.inf, -math.inf, -math.inf]


def test_a_read_out_scores_as_so_many_iterations_do() -> None:
    long, short = small(iterations=4, read_out=2), small(iterations=2)
    assert run(evaluation(long)).score(long, 0.0) == run(evaluation(short)).score(short, 0.0)


def test_curve_by_hand() -> None:
    outcome = Outcome(((4.0, 2.0), (1.0, 0.5)), seconds=1.0)
    assert small("deepest", "before_first").curve(outcome.values) == [6.0, 1.5]
    assert small("deepest", "before_first", branch_weights="halving").curve(outcome.values) == [5.0, 1.25]


# what identifies an evaluation


def test_whatever_changes_the_result_changes_the_key() -> None:
    start = evaluation()
    others = [
        evaluation(seed=2),
        evaluation(cell=CELL_201.replace("avg_pool_3x3", "nor_conv_1x1")),
        evaluation(cell=CELL_101),
        evaluation(small(learning_rate=0.2)),
        evaluation(small("before_first")),
        evaluation(small(barrier=False)),
        evaluation(small(width=8)),
        evaluation(small(batch=8)),
        evaluation(small(barrier_init="xavier_normal")),
        Evaluation.of("nasbench201", CELL_201, small(), "bundled", 1),
    ]
    keys = {start.key, *(other.key for other in others)}
    assert len(keys) == 1 + len(others)
    assert all(len(key) == 32 and int(key, 16) >= 0 for key in keys)


def test_what_changes_nothing_keeps_the_key() -> None:
    start = evaluation(small(*STAGES))
    same = [
        evaluation(small(*STAGES)),
        evaluation(small(*STAGES[::-1])),
        evaluation(small(*STAGES, flops_weight=-0.5)),
        evaluation(small(*STAGES, branch_weights="halving")),
        evaluation(small(*STAGES, read_out=1)),
        evaluation(small(*STAGES, flops_weight=0.3, flops_norm="measured")),
        evaluation(small(*STAGES), cell=f" {CELL_201}\n"),
    ]
    assert {other.key for other in same} == {start.key}
    assert evaluation(small(width="small")).key == evaluation(small(width=16)).key
    assert evaluation(small(width="published"), CELL_101).key == evaluation(small(width=128), CELL_101).key


def test_architectures_with_the_same_network_share_their_key() -> None:
    dead_end = "|nor_conv_3x3~0|+|{}~0|none~1|+|skip_connect~0|skip_connect~1|none~2|"
    keys = {evaluation(cell=dead_end.format(op)).key for op in ("none", "nor_conv_3x3", "avg_pool_3x3")}
    assert len(keys) == 1
    first = "110011:conv3x3,conv1x1"  # two vertices side by side, in either order
    assert evaluation(cell=first).key == evaluation(cell="110011:conv1x1,conv3x3").key
    assert evaluation(cell=first).key != evaluation(cell="110011:conv1x1,conv1x1").key


def test_the_key_is_stable_across_releases() -> None:
    """Stored results are found by it: a change here needs a new ENGINE_VERSION."""
    assert evaluation().key == "9336fbd9fa436fea8f79c52ff46d3823"


def test_unknown_parts_are_refused() -> None:
    for arguments, shown in [
        (("nowhere", CELL_201, small(), "noise", 1), "'nowhere'"),
        (("nasbench201", "nonsense", small(), "noise", 1), "'nonsense'"),
        (("nasbench201", CELL_201, small(), "nothing", 1), "'nothing'"),
    ]:
        with pytest.raises(UserError, match=shown):
            Evaluation.of(*arguments)
    with pytest.raises(UserError, match=r"'tpu'.*auto, cpu, cuda"):
        evaluate(evaluation(), device="tpu")
