"""What a session has chosen survives its form in the URL; what a URL says wrongly is told and left at its default."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.shell.choice import DEFAULT_SPECIFICATION, Choice, from_query, with_specification
from app.shell.choice.landscape import LandscapeChoice
from app.shell.choice.proxy_search import ProxySearchChoice
from eproxy_engine import benchmarks, spaces
from eproxy_engine.proxy import Configuration, preset
from eproxy_engine.sampling import Sample, drawable
from eproxy_engine.scoring import Ensemble
from eproxy_engine.scoring.proxy import plain_values
from eproxy_engine.search.architecture_search.settings import ArchitectureSearchSettings
from eproxy_engine.search.proxy_search.settings import settings as proxy_search_settings
from tests.properties import altered, damaged_text, examples


def read(query: dict[str, str | list[str]]) -> tuple[Choice, list[str]]:
    plain = {key: value if isinstance(value, str) else value[-1] for key, value in query.items()}
    return from_query(plain, lambda name: list(query.get(name, [])))


@examples(0.6)  # counting the parameters of a large network that no table has takes a second
@given(
    space=st.sampled_from(spaces.names()),
    rule=st.sampled_from(["random", "best", "worst", "spread"]),
    size=st.integers(0, 499),
    numbers=st.tuples(st.integers(0, 2**31 - 1), st.integers(0, 2**31 - 1)),
    start=st.sampled_from(["laptop", "paper"]),
    rate=st.floats(1e-4, 10),
    barrier=st.booleans(),
    source=st.sampled_from(["bundled", "noise", "cifar10"]),
)
def test_the_address_gives_the_choice_back(
    space: str, rule: str, size: int, numbers: tuple[int, int], start: str, rate: float, barrier: bool, source: str
) -> None:
    task = spaces.get(space).tasks[-1].name
    most = drawable(space, task)
    rule, size = (rule, 1 + size % most) if most else ("space", 1 + size % 2)
    configuration = replace(preset(start), learning_rate=rate, barrier=barrier)
    choice = with_specification(
        Choice(preset=start, run="1a2b3c4d", architecture=str(spaces.get(space).largest())),
        space=space,
        task=task,
        sample=Sample(rule, size, numbers[0]),
        proxy=configuration,
        images=source,
        seed=numbers[1],
    )
    choice = replace(choice, proxy_search=ProxySearchChoice.default(space, task))
    assert read(choice.to_query()) == (choice, [])


def test_picked_architectures_are_in_the_address() -> None:
    known = list(benchmarks.known("nasbench201", "cifar10")["architecture"][:3])
    choice = with_specification(Choice(), sample=Sample("picked", 3, 1, tuple(known)))
    assert choice.to_query()["picked"] == known
    again, problems = read(choice.to_query())
    assert problems == []
    assert again.specification.sample.picked == tuple(known)


def test_the_default_choice_has_a_short_address() -> None:
    assert Choice().to_query() == {"space": "nasbench201", "task": "cifar10"}
    assert read({})[0] == Choice()


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"space": "imagenet"}, "unknown search space 'imagenet'"),
        ({"task": "mnist"}, "unknown task of nasbench201 'mnist'"),
        ({"rule": "luck"}, "unknown sampling rule 'luck'"),
        ({"n": "-3"}, "'-3'"),
        ({"n": "99999"}, "a sample of 99999"),
        ({"draw": "1e9"}, "'1e9'"),
        ({"preset": "none"}, "unknown preset 'none'"),
        ({"config": "{"}, "'{' cannot be read"),
        ({"config": "[1]"}, "not a mapping"),
        ({"config": '{"learning_rate":"fast"}'}, "'fast'"),
        ({"config": '{"lr":1}'}, "'lr'"),
        ({"images": "http://x"}, "'http://x'"),
        ({"seed": "one"}, "'one'"),
        ({"arch": "conv"}, "'conv'"),
        ({"rule": "picked", "picked": ["conv"]}, "'conv'"),
    ],
)
def test_what_cannot_be_used_is_told(query: dict[str, str | list[str]], told: str) -> None:
    choice, problems = read(query)
    assert len(problems) == 1
    assert told in problems[0]
    assert choice.specification == DEFAULT_SPECIFICATION
    assert choice.architecture is None


def test_a_damaged_part_leaves_the_others() -> None:
    choice, problems = read({"space": "nasbench101", "n": "x", "seed": "4", "config": '{"barrier":false}'})
    assert len(problems) == 1
    assert choice.specification.space == "nasbench101"
    assert choice.specification.seed == 4
    assert choice.specification.proxy == replace(Configuration.from_dict(preset().as_dict()), barrier=False)


RICH: dict[str, str] = {
    "space": "nasbench201",
    "task": "cifar10",
    "rule": "best",
    "n": "3",
    "draw": "2",
    "preset": "paper",
    "config": json.dumps(preset().as_dict()),
    "images": "noise",
    "seed": "4",
    "arch": "|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|",
    "other-proxy": "synflow",
    "other-batch": "8",
    "other-width": "published",
    "ensemble": json.dumps(plain_values(Ensemble((Configuration(),) * 2, 0.5, "log"))["ensemble"]),
    "dps-preset": "paper",
    "dps-n": "6",
    "dps": json.dumps(proxy_search_settings("paper").as_dict()),
    "held-out": "7",
    "landscape": json.dumps(asdict(LandscapeChoice())),
    "nas": json.dumps(
        {"strategies": ["random"], "seeds": 2, "settings": ArchitectureSearchSettings().as_dict(), "shown": ["a"]}
    ),
    "compare": "flops,naswot",
    "compare-batch": "8",
    "compare-width": "8",
    "compare-seeds": "2",
    "step": "3",
}
OF_JSON = ("config", "ensemble", "dps", "landscape", "nas")


def test_the_address_that_is_damaged_below_is_read() -> None:
    assert read(dict(RICH))[1] == []


@examples(1)
@given(part=st.sampled_from(sorted(RICH)), data=st.data())
@example("seed", "9" * 5000)
@example("compare-seeds", "9" * 5000)
@example("n", "2000000000")
@example("config", "[" * 100_000)
def test_whatever_is_in_the_address_is_taken_or_told_in_one_line(part: str, data: st.DataObject | str) -> None:
    """What is taken stands in the address again."""
    if isinstance(data, str):
        text = data
    elif part in OF_JSON and data.draw(st.booleans()):
        text = json.dumps(data.draw(altered(json.loads(RICH[part]))))
    else:
        text = data.draw(damaged_text(RICH[part]))
    query = RICH | {part: text} | ({"rule": "space"} if text == "2000000000" else {})
    choice, problems = read(dict(query))
    assert all(len(each.splitlines()) == 1 and len(each) < 3000 for each in problems)
    assert read(choice.to_query()) == (choice, [])
