"""The proxy configuration: round trips, canonical form, digest, and one clear line for every bad input."""

import json
import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from eproxy_engine.errors import UserError
from eproxy_engine.proxy import PRESETS, Branch, Configuration, preset
from eproxy_engine.proxy.choices import (
    BRANCH_WEIGHTS,
    CHANNELS,
    COEFFICIENTS,
    FEATURES,
    FLOPS_NORMS,
    INITIALISATIONS,
    KERNELS,
    PRECISIONS,
    STAGES,
)
from tests.properties import altered, damaged_text, taken_or_refused

FEATURE_SETS = st.lists(st.sampled_from(FEATURES), unique=True, min_size=1).map(tuple)


def branches_at(stage: str) -> st.SearchStrategy[Branch]:
    return st.builds(
        Branch,
        stage=st.just(stage),
        features=FEATURE_SETS,
        coefficient=st.sampled_from(COEFFICIENTS),
        transform_kernel=st.sampled_from(KERNELS),
        barrier_kernel=st.sampled_from(KERNELS),
        c_mid=st.sampled_from(CHANNELS),
        c_out=st.sampled_from(CHANNELS),
    )


CONFIGURATIONS = st.builds(
    Configuration,
    branches=st.lists(st.sampled_from(STAGES), unique=True, min_size=1).flatmap(
        lambda stages: st.tuples(*map(branches_at, stages))
    ),
    barrier=st.booleans(),
    learning_rate=st.floats(1e-4, 10.0),
    network_init=st.sampled_from(INITIALISATIONS),
    barrier_init=st.sampled_from(INITIALISATIONS),
    flops_weight=st.floats(-0.5, 0.5),
    branch_weights=st.sampled_from(BRANCH_WEIGHTS),
    iterations=st.integers(1, 1000),
    batch=st.integers(1, 256),
    momentum=st.floats(0.0, 0.999),
    weight_decay=st.floats(0.0, 0.1),
    width=st.sampled_from(["small", "published"]) | st.integers(4, 512),
    precision=st.sampled_from(PRECISIONS),
    flops_norm=st.sampled_from(sorted(FLOPS_NORMS)),
    read_out=st.just("last") | st.integers(1, 1000),
)
every_configuration = given(configuration=CONFIGURATIONS)

THREE = Configuration(
    branches=(
        Branch("before_first", ("dot", "net"), c_mid=16),
        Branch("deepest", ("wave_low",), barrier_kernel=7, c_out=256),
        Branch("before_second", ("net",), coefficient=0.5),
    ),
    branch_weights="halving",
    barrier_init="xavier_normal",
)


# round trips


@every_configuration
def test_yaml_round_trip(configuration: Configuration) -> None:
    assert Configuration.from_yaml(configuration.to_yaml()) == configuration


@every_configuration
def test_json_round_trip(configuration: Configuration) -> None:
    text = json.dumps(configuration.as_dict())
    assert Configuration.from_dict(json.loads(text)) == configuration


@pytest.mark.parametrize("value", [1e-05, 0.001])
def test_a_json_document_is_read_like_a_yaml_one(value: float) -> None:
    configuration = Configuration(weight_decay=value)
    assert Configuration.from_yaml(json.dumps(configuration.as_dict())) == configuration


def test_what_is_missing_has_its_default() -> None:
    assert Configuration.from_yaml("{}") == Configuration()
    assert Configuration.from_yaml("branches: [{c_mid: 16}]").branches == (Branch(c_mid=16),)


def test_numbers_of_the_other_kind_are_the_same_value() -> None:
    given_as_other = Configuration.from_dict({"learning_rate": 1, "branches": [{"coefficient": 2, "c_mid": 64.0}]})
    assert given_as_other == Configuration(learning_rate=1.0, branches=(Branch(coefficient=2.0),))
    assert given_as_other.to_yaml() == Configuration(branches=(Branch(coefficient=2.0),)).to_yaml()
    assert given_as_other.digest() == Configuration(branches=(Branch(coefficient=2.0),)).digest()


# canonical form and digest


@every_configuration
def test_canonical_form_is_fixed_and_keeps_what_has_an_effect(configuration: Configuration) -> None:
    canonical = configuration.canonical()
    assert canonical.canonical() == canonical
    assert [b.stage for b in canonical.branches] == sorted((b.stage for b in configuration.branches), key=STAGES.index)
    inactive = set() if configuration.barrier else {"barrier_init"}
    inactive |= {"branch_weights"} if len(configuration.branches) == 1 else set()
    inactive |= set() if configuration.flops_weight else {"flops_norm"}
    if configuration.read_out != "last" and int(configuration.read_out) >= configuration.iterations:
        inactive.add("read_out")
    for field in fields(configuration):
        if field.name not in {"branches", *inactive}:
            assert getattr(canonical, field.name) == getattr(configuration, field.name)
    inactive_in_branch = set() if configuration.barrier else {"barrier_kernel", "c_out"}
    by_stage = {branch.stage: branch for branch in configuration.branches}
    for branch in canonical.branches:
        assert set(branch.features) == set(by_stage[branch.stage].features)
        for field in fields(branch):
            if field.name not in {"features", *inactive_in_branch}:
                assert getattr(branch, field.name) == getattr(by_stage[branch.stage], field.name)


@given(configuration=CONFIGURATIONS, data=st.data())
def test_order_of_branches_and_features_does_not_matter(configuration: Configuration, data: st.DataObject) -> None:
    branches = [
        replace(branch, features=tuple(data.draw(st.permutations(branch.features))))
        for branch in configuration.branches
    ]
    shuffled = replace(configuration, branches=tuple(data.draw(st.permutations(branches))))
    assert shuffled.canonical() == configuration.canonical()
    assert shuffled.digest() == configuration.digest()


@pytest.mark.parametrize(
    ("key", "text"),
    [("branches.0.barrier_kernel", "7"), ("branches.0.c_out", "512"), ("barrier_init", "kaiming_normal")],
)
def test_parts_of_the_barrier_count_only_where_there_is_one(key: str, text: str) -> None:
    without = Configuration(barrier=False)
    assert without.replace(key, text) != without
    assert without.replace(key, text).canonical() == without.canonical()
    assert without.replace(key, text).digest() == without.digest()
    assert Configuration().replace(key, text).canonical() != Configuration().canonical()
    assert Configuration().replace(key, text).digest() != Configuration().digest()


def test_branch_weights_count_only_between_branches() -> None:
    assert Configuration(branch_weights="halving").digest() == Configuration().digest()
    assert THREE.digest() != replace(THREE, branch_weights="equal").digest()


@given(first=CONFIGURATIONS, second=CONFIGURATIONS)
def test_digests_are_equal_just_for_equal_canonical_forms(first: Configuration, second: Configuration) -> None:
    assert (first.digest() == second.digest()) == (first.canonical() == second.canonical())
    assert re.fullmatch("[0-9a-f]{16}", first.digest())


CHANGES = {
    "branches.1.stage": "before_first",
    "branches.0.features": "net",
    "branches.0.coefficient": "2",
    "branches.0.transform_kernel": "7",
    "branches.0.barrier_kernel": "1",
    "branches.0.c_mid": "512",
    "branches.0.c_out": "16",
    "barrier": "off",
    "learning_rate": "0.5",
    "network_init": "kaiming_uniform",
    "barrier_init": "xavier_uniform",
    "flops_weight": "-0.1",
    "branch_weights": "halving",
    "iterations": "11",
    "batch": "8",
    "momentum": "0.5",
    "weight_decay": "0.00004",
    "width": "16",
    "precision": "bfloat16",
    "flops_norm": "measured",
    "read_out": "3",
}


def test_every_part_that_has_an_effect_changes_the_digest() -> None:
    start = Configuration(branches=(Branch(), Branch("before_second")), flops_weight=0.2)
    digests = {key: start.replace(key, text).digest() for key, text in CHANGES.items()}
    assert len({start.digest(), *digests.values()}) == 1 + len(CHANGES)
    names = {f.name for f in fields(Configuration)} - {"branches"} | {f.name for f in fields(Branch)}
    assert {key.rpartition(".")[2] for key in CHANGES} == names, "a part of the configuration is not tried"


def test_zero_has_one_digest_whatever_its_sign() -> None:
    for name in ("flops_weight", "momentum", "weight_decay"):
        assert Configuration(**{name: -0.0}).digest() == Configuration(**{name: 0.0}).digest()  # type: ignore[arg-type]


def test_digest_is_stable_across_releases() -> None:
    """Stored evaluations are found by it: a change here needs a new ENGINE_VERSION or a migration."""
    assert Configuration().digest() == "8f9902f1366261b9"
    assert THREE.digest() == "24e64095fee87d75"


@every_configuration
def test_training_part_leaves_out_what_only_weighs_finished_losses(configuration: Configuration) -> None:
    part = configuration.training_part()
    reread = replace(configuration, flops_weight=0.25, flops_norm="measured", branch_weights="halving", read_out=1)
    assert reread.training_part() == part
    assert "read_out" not in part.as_dict()
    assert "flops_norm" not in part.as_dict()
    assert part.training_part() == part
    assert replace(configuration, iterations=configuration.iterations % 1000 + 1).training_part() != part


# one value from text


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("learning_rate", "0.5", 0.5),
        ("learning_rate", "1", 1.0),
        ("weight_decay", "0.00004", 4e-5),
        ("weight_decay", "1e-5", 1e-5),
        ("barrier", "off", False),
        ("barrier", "true", True),
        ("barrier", "False", False),
        ("width", "published", "published"),
        ("width", "24", 24),
        ("iterations", "100", 100),
        ("read_out", "3", 3),
        ("read_out", "last", "last"),
        ("flops_norm", "measured", "measured"),
        ("branches.0.c_mid", "512", 512),
        ("branches.0.features", "net,dot", ("net", "dot")),
        ("branches.0.features", "net, wave_low", ("net", "wave_low")),
        ("branches.0.features", "[dot]", ("dot",)),
        ("branches.0.features", "dot", ("dot",)),
        ("branches.0.features.0", "dot", ("dot",)),
        ("branches", "[{stage: before_first}]", (Branch("before_first"),)),
        ("branches.0", "{c_out: 16}", Branch(c_out=16)),
    ],
)
def test_replace_sets_one_value_from_text(key: str, text: str, expected: object) -> None:
    changed: Any = Configuration().replace(key, text)
    for step in key.removesuffix("features.0").split("."):
        changed = (changed[int(step)] if step.isdecimal() else getattr(changed, step)) if step else changed.features
    assert changed == expected
    assert type(changed) is type(expected)


def test_replace_changes_nothing_else() -> None:
    assert THREE.replace("branches.1.c_mid", "512") == replace(
        THREE, branches=(THREE.branches[0], replace(THREE.branches[1], c_mid=512), THREE.branches[2])
    )


# bad input


@pytest.mark.parametrize(
    ("key", "text", "shown", "accepted"),
    [
        ("learning_rat", "1", "'learning_rat'", "learning_rate"),
        ("branches.0.kernel", "1", "'kernel'", "transform_kernel"),
        ("branches.3.c_mid", "64", "'3'", "accepted: 0"),
        ("branches.-1.c_mid", "64", "'-1'", "accepted: 0"),
        ("branches.first.c_mid", "64", "'first'", "accepted: 0"),
        ("learning_rate.x", "64", "'x'", "nothing below it"),
        ("", "1", "''", "learning_rate"),
        ("branches.0.c_mid", "48", "48", "16, 32, 64, 128, 256, 512"),
        ("branches.0.c_mid", "lots", "'lots'", "16, 32, 64, 128, 256, 512"),
        ("branches.0.c_mid", "true", "True", "16, 32, 64, 128, 256, 512"),
        ("branches.0.transform_kernel", "yes", "True", "1, 3, 7"),
        ("branches.0.barrier_kernel", "[1, 3]", "[1, 3]", "1, 3, 7"),
        ("branches.0.coefficient", "-1", "-1", "0.5, 1.0, 1.5, 2.0"),
        ("branches.0.coefficient", ".nan", "nan", "0.5, 1.0, 1.5, 2.0"),
        ("branches.0.stage", "middle", "'middle'", "deepest, before_second, before_first"),
        ("branches.0.features", "cosine", "'cosine'", "net, wave_low, wave_mid, wave_high, dot"),
        ("branches.0.features", "net,cosine", "'cosine'", "net, wave_low, wave_mid, wave_high, dot"),
        ("branches.0.features", "[[net]]", "['net']", "net, wave_low, wave_mid, wave_high, dot"),
        ("branches.0.features", "{net: 1}", "{'net': 1}", "net, wave_low, wave_mid, wave_high, dot"),
        ("branches.0.features", "on", "True", "net, wave_low, wave_mid, wave_high, dot"),
        ("branches.0.features", "net,net", "['net', 'net']", "at most once"),
        ("branches.0.features", "[]", "empty", "net, wave_low, wave_mid, wave_high, dot"),
        ("learning_rate", ".nan", "nan", "a number from 0.0001 to 10.0"),
        ("learning_rate", ".inf", "inf", "a number from 0.0001 to 10.0"),
        ("learning_rate", "-1", "-1", "a number from 0.0001 to 10.0"),
        ("learning_rate", "0", "0", "a number from 0.0001 to 10.0"),
        ("learning_rate", "true", "True", "a number from 0.0001 to 10.0"),
        ("learning_rate", "high", "'high'", "a number from 0.0001 to 10.0"),
        ("learning_rate", "", "None", "a number from 0.0001 to 10.0"),
        ("learning_rate", "2024-13-45", "'2024-13-45'", "a number"),
        ("learning_rate", "2024-12-24", "datetime.date(2024, 12, 24)", "a number from 0.0001 to 10.0"),
        ("learning_rate", "{", "'{'", "a number"),
        ("flops_weight", "0.6", "0.6", "a number from -0.5 to 0.5"),
        ("iterations", "2.5", "2.5", "a whole number from 1 to 1000"),
        ("iterations", "true", "True", "a whole number from 1 to 1000"),
        ("iterations", "0", "0", "a whole number from 1 to 1000"),
        ("batch", "257", "257", "a whole number from 1 to 256"),
        ("momentum", "1", "1", "a number from 0.0 to 0.999"),
        ("weight_decay", "[0.1]", "[0.1]", "a number from 0.0 to 0.1"),
        ("network_init", "orthogonal", "'orthogonal'", "kaiming_normal, kaiming_uniform"),
        ("barrier_init", "1", "1", "xavier_normal, xavier_uniform"),
        ("branch_weights", "thirds", "'thirds'", "equal, halving"),
        ("barrier", "1", "1", "on, off"),
        ("barrier", "maybe", "'maybe'", "on, off"),
        ("width", "3", "3", "a whole number from 4 to 512"),
        ("read_out", "0", "0", "last or a whole number from 1 to 1000"),
        ("read_out", "first", "'first'", "last or a whole number from 1 to 1000"),
        ("read_out", "true", "True", "last or a whole number from 1 to 1000"),
        ("flops_norm", "largest", "'largest'", "possible, measured"),
        ("width", "true", "True", "a whole number from 4 to 512"),
        ("width", "tiny", "'tiny'", "small, published"),
        ("width", "[16]", "[16]", "small, published"),
        ("branches", "[]", "[]", "one to three"),
        ("branches", "deepest", "'deepest'", "a list of branches"),
        ("branches", "[deepest]", "'deepest'", "stage, features, coefficient"),
        ("branches", "[[{}]]", "[{}]", "stage, features, coefficient"),
        ("branches", "[{}, {}]", "['deepest', 'deepest']", "each at its own stage"),
        ("branches.0", "{c_med: 16}", "'c_med'", "c_mid"),
    ],
)
def test_bad_values_are_shown_with_what_is_accepted(key: str, text: str, shown: str, accepted: str) -> None:
    with pytest.raises(UserError) as caught:
        Configuration().replace(key, text)
    message = str(caught.value)
    assert shown in message
    assert accepted in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("document", "shown"),
    [
        ("", "None"),
        ("null", "None"),
        ("42", "42"),
        ("just text", "'just text'"),
        ("[branches]", "['branches']"),
        ("colour: blue", "'colour'"),
        ("1: 2", "1"),
        ("branches: {stage: deepest}", "{'stage': 'deepest'}"),
        ("branches: null", "None"),
        ("branches: [null]", "None"),
        ("learning_rate: {a: [b, {c: d}]}", "{'a': ['b', {'c': 'd'}]}"),
        ("learning_rate: 1" + "0" * 400, "cannot be read: its number 1000"),
        ("learning_rate: !!int many", "cannot be read"),
        ("date: 2024-13-45", "cannot be read"),
        ("branches: [", "cannot be read"),
        ("a: b: c", "cannot be read"),
        ("\tbranches: 1", "cannot be read"),
        ("a: \0", "cannot be read"),
        ("? [a]\n: 1", "cannot be read"),
        ("[" * 3000, "cannot be read"),
    ],
)
def test_documents_that_are_no_configuration_are_refused_in_one_line(document: str, shown: str) -> None:
    with pytest.raises(UserError) as caught:
        Configuration.from_yaml(document)
    assert shown in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.mkdir", "!!python/object/new:os.mkdir"])
def test_python_tags_in_a_document_are_refused_and_do_nothing(tag: str, tmp_path: Path) -> None:
    target = tmp_path / "made"
    with pytest.raises(UserError, match="cannot be read"):
        Configuration.from_yaml(f"learning_rate: {tag} ['{target}']")
    with pytest.raises(UserError):
        Configuration().replace("learning_rate", f"{tag} ['{target}']")
    assert not target.exists()


@given(
    values=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.text(max_size=8)
                | st.sampled_from([f.name for f in fields(Configuration)] + [f.name for f in fields(Branch)]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=8,
    )
)
def test_any_plain_values_are_a_configuration_or_a_user_error(values: object) -> None:
    try:
        configuration = Configuration.from_dict(values)
    except UserError:
        return
    assert Configuration.from_yaml(configuration.to_yaml()) == configuration


@given(text=damaged_text(THREE.to_yaml()) | st.text("[]{}:,-*&!?|>#'\"0e.~<=x \n"))
@example("learning_rate: !!int ''")
@example("learning_rate: !!bool x")
@example("learning_rate: !!timestamp x")
@example("learning_rate: 0x" + "f" * 5000)
@example("[" * 1000)
def test_any_document_is_a_configuration_or_a_user_error(text: str) -> None:
    configuration = taken_or_refused(lambda: Configuration.from_yaml(text))
    assert configuration is None or Configuration.from_yaml(configuration.to_yaml()) == configuration


@given(values=altered(THREE.as_dict()))
def test_an_altered_document_is_a_configuration_or_a_user_error(values: object) -> None:
    taken_or_refused(lambda: Configuration.from_dict(values))
    taken_or_refused(lambda: Configuration.from_yaml(json.dumps(values)))


@given(key=st.sampled_from([*CHANGES, "branches.0"]) | st.text(), text=st.text() | st.text("[]{}:,-*&!0e. x"))
@example("branches." + "9" * 5000, "1")
def test_any_change_is_made_or_refused(key: str, text: str) -> None:
    taken_or_refused(lambda: Configuration().replace(key, text))


def test_a_document_cannot_blow_up() -> None:
    """A billion laughs: ten lines that stand for a billion words."""
    lines = ["a0: &a0 [ha]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10))]
    with pytest.raises(UserError, match=r"it has the alias '\*a0'; write out what it stands for"):
        Configuration.from_yaml("\n".join(lines))
    with pytest.raises(UserError, match="a document of 300,001 characters; accepted: YAML of up to 200,000"):
        Configuration.from_yaml("#" * 300_001)


# presets


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_valid_and_say_what_they_hold(name: str) -> None:
    configuration = preset(name)
    assert Configuration.from_yaml(configuration.to_yaml()) == configuration
    assert configuration.canonical() == configuration


def test_the_paper_s_preset_is_the_paper_s() -> None:
    paper = preset("paper")
    assert (paper.learning_rate, paper.weight_decay, paper.iterations, paper.batch) == (1.0, 1e-5, 10, 16)
    assert paper.barrier
    assert paper.flops_weight == 0
    assert [(b.stage, b.features) for b in paper.branches] == [("deepest", ("net",))]
    assert paper.width == "published"


def test_an_unknown_preset_lists_the_known() -> None:
    with pytest.raises(UserError, match=r"'best'.*laptop, paper"):
        preset("best")
    assert preset() == PRESETS["laptop"]


def test_to_yaml_is_plain_yaml() -> None:
    values = yaml.safe_load(THREE.to_yaml())
    assert values["branches"][0]["features"] == ["dot", "net"]
    assert list(values)[:2] == ["branches", "barrier"]


@pytest.mark.parametrize("later", [{"precision": "bfloat16"}, {"read_out": 9}, {"flops_norm": "measured"}])
def test_a_digest_is_what_it_was_before_there_was_the_choice(later: dict[str, Any]) -> None:
    assert Configuration().digest() == "8f9902f1366261b9"
    weighed = Configuration(flops_weight=0.1)
    assert replace(weighed, **later).digest() != weighed.digest()
    assert not set(later) & set(weighed.as_dict())


def test_a_read_out_from_the_last_iteration_on_is_the_last() -> None:
    assert {Configuration(read_out=at).digest() for at in (10, 11, 1000)} == {Configuration().digest()}
    assert Configuration(read_out=9).digest() != Configuration().digest()
