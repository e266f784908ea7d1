"""What is done on a GPU, most important first. Each step is a command of its own, so that none takes another down."""

from __future__ import annotations

from typing import NamedTuple

TABLE_9 = (
    *("nasbench201", "nasbench101", "transnas101-micro", "nasbench-mr"),
    *("nds-cifar10-darts", "nds-cifar10-enas", "nds-cifar10-resnext-a", "nds-cifar10-resnet"),
)
"""Search spaces whose times the paper has, one of each kind of network first."""
OTHERS = (
    *("nds-cifar10-amoeba", "nds-cifar10-nasnet", "nds-cifar10-pnas", "nds-cifar10-resnext-b"),
    *("nds-cifar10-darts-fix-w-d", "nds-cifar10-enas-fix-w-d", "nds-cifar10-pnas-fix-w-d"),
)
RANKED = {
    **dict.fromkeys(("nasbench201", "nasbench101", "transnas101-micro", "nasbench-mr"), 200),
    **{"nds-imagenet-darts": 121, "nds-imagenet-enas": 117, "nds-imagenet-amoeba": 124, "nds-imagenet-resnext-a": 130},
}
"""Search spaces whose accuracies ship, one or more of each family, and architectures of a ranking, at the most."""
RATES = ("1", "0.1", "0.01")
"""Learning rates of Table 1."""


class Step(NamedTuple):
    """A command of ``python -m``, without the device."""

    name: str
    """Name of its file of results."""
    about: str
    module: str
    arguments: tuple[str, ...]
    most_minutes: float
    """It is ended after this time; what it had printed stays."""
    takes_device: bool = True
    """Whether ``--device`` can be added."""


class Size(NamedTuple):
    """How much is computed."""

    width: str
    speed_sample: int
    rounds: int
    ranked: int
    """Architectures of a ranking."""
    trials: int
    """Configurations of a proxy search; a sixth of them is its first population."""


FULL = Size("published", speed_sample=6, rounds=3, ranked=200, trials=240)
REHEARSAL = Size("4", speed_sample=1, rounds=1, ranked=4, trials=4)


def steps(size: Size) -> list[Step]:
    """Return all steps, in order."""
    return [*_correctness(), *_speed(size), *_ways(size), *_tables(size)]


def _correctness() -> list[Step]:
    checks = "every family, proxy and landscape in single precision, beside the CPU"
    paths = ("tests/proxy", "tests/baselines", "tests/landscape", "tests/runs/test_executors.py", "-n", "0", "-x")
    return [
        Step("agreement", checks, "tests.gpu.agreement", (), 3, takes_device=True),
        Step("tests", "the tests of what a device computes", "pytest", paths, 6, takes_device=False),
    ]


def _speed(size: Size) -> list[Step]:
    """Table 9, beside a plain loop on the same device."""
    return [
        _engine(
            f"speed-{space}",
            f"seconds per architecture of {space} at published width, beside a plain loop and Table 9",
            *("bench", "--space", space, "--width", size.width),
            *("--sample", str(size.speed_sample), "--rounds", str(size.rounds), "--json"),
            minutes=1.5,
        )
        for space in TABLE_9 + OTHERS
    ]


def _ways(size: Size) -> list[Step]:
    """What may be quicker: configurations stacked, half precision, several processes on the GPU."""
    bench = ("bench", "--space", "nasbench201", "--width", size.width, "--sample", str(size.speed_sample), "--json")
    first = max(2, size.trials // 6)
    search = ("dps", "--preset", "paper", "--space", "nasbench201", "--width", "8", "--population", str(first))
    evaluate = ("evaluate", "--space", "nasbench201", "--width", size.width, "--sample", str(size.ranked // 2 or 1))
    return [
        _engine(
            "bfloat16",
            "the same in half precision",
            *(*bench, "--rounds", str(size.rounds), "--set", "precision=bfloat16"),
            minutes=1.5,
        ),
        _engine(
            "proxy-search",
            "a whole proxy search, whose configurations are trained together",
            *(*search, "--tournament", "2" if first < 10 else "10", "--cycles", str(size.trials - first), "--json"),
            minutes=6,
        ),
        *(
            _engine(
                f"processes-{workers}",
                f"different architectures side by side in {workers} processes on the GPU",
                *(*evaluate, "--seed", str(90 + workers), "--workers", str(workers), "--json"),
                minutes=2,
            )
            for workers in (1, 2, 4, 8)
        ),
    ]


def _tables(size: Size) -> list[Step]:
    """Table 1 at published width, then one ranking of each family of Tables 2 to 5."""
    common = ("--seed", "1", "--width", size.width, "--json")
    rates = [
        _engine(
            f"table-1-{barrier}-{rate}",
            f"Table 1, NAS-Bench-101, barrier {barrier}, learning rate {rate}",
            *("evaluate", "--space", "nasbench101", "--preset", "paper", "--sample", str(size.ranked), *common),
            *("--set", f"barrier={barrier}", "--set", f"learning_rate={rate}"),
            minutes=4,
        )
        for rate in RATES
        for barrier in ("on", "off")
    ]
    families = [
        _engine(
            f"ranking-{space}-{preset}",
            f"Tables 2 to 5, {space}, preset {preset}",
            *("evaluate", "--space", space, "--preset", preset, "--sample", str(min(size.ranked, known)), *common),
            minutes=4,
        )
        for space, known in RANKED.items()
        for preset in ("paper", "laptop")
    ]
    return rates + families


def _engine(name: str, about: str, *arguments: str, minutes: float) -> Step:
    return Step(name, about, "eproxy_engine", arguments, minutes)
