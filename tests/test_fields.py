"""Settings that are written once: checks, plain values, differences, options and controls follow from the table."""

from __future__ import annotations

import doctest
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click
import pytest
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

from eproxy_engine import fields
from eproxy_engine.accepted import Between, OneOf, Some, WordOr
from eproxy_engine.baselines import Baseline
from eproxy_engine.cli.fields import setting_options
from eproxy_engine.errors import UserError
from eproxy_engine.fields import Part, Parts, Settings, changed, same_as, setting, short_json, table, words
from eproxy_engine.landscape import View
from eproxy_engine.proxy import Branch, Configuration
from eproxy_engine.search.architecture_search.constraints import Constraints
from eproxy_engine.search.architecture_search.settings import ArchitectureSearchSettings
from eproxy_engine.search.proxy_search.settings import ProxySearchSettings
from tests.docs.settings_page import listing

ALL = (
    Configuration,
    Branch,
    ProxySearchSettings,
    ArchitectureSearchSettings,
    Constraints,
    View,
    Baseline,
)


@dataclass(frozen=True)
class Rack(Settings, what="rack"):
    height: int | None = setting(None, "Height", Between(1, optional=True), help="Where it is, from below.")


@dataclass(frozen=True)
class Oven(Settings, what="oven"):
    heat: int = setting(180, "Heat", Between(50, 20_000), help="Temperature.", flag="--temperature")
    humidity: float = setting(0.5, "Humidity", Between(0.0, 1.0), help="Of the air.")
    program: str = setting("bread", "Program", OneOf(("bread", "cake"), {"bread": "a loaf"}), help="What it bakes.")
    level: float = setting(1.0, "Level", OneOf((0.5, 1.0, 2.0)), help="How strong it is.")
    minutes: int | str = setting("auto", "Minutes", WordOr(("auto", "long"), Between(1, 90)), help="How long.")
    spices: tuple[str, ...] = setting((), "Spices", Some(("salt", "dill"), "spice", optional=True), help="On top.")
    sides: tuple[str, ...] = setting(("top",), "Sides", Some(("top", "bottom"), "side"), help="What heats.", flag="")
    fan: bool = setting(False, "Fan", help="Circulate the air.")
    light: bool = setting(True, "Light", help="Light it.", flag="--dark")
    rack: Rack = setting(Rack(), "Rack", Part(Rack), help="Where the tray is.")
    more: tuple[Rack, ...] = setting((), "More racks", Parts(Rack, "racks"), help="Further trays.", flag="")


OTHER = Oven(200, 0.25, "cake", 2.0, 45, ("dill",), ("bottom", "top"), True, False, Rack(3), (Rack(1), Rack()))


def test_the_examples_run() -> None:
    assert doctest.testmod(fields).failed == 0


# --- checks ---


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"heat": 49}, "heat is 49; accepted: a whole number from 50 to 20,000"),
        ({"heat": 100.0}, "heat is 100.0; accepted: a whole number from 50 to 20,000"),
        ({"heat": True}, "heat is True; accepted"),
        ({"heat": None}, "heat is None; accepted"),
        ({"humidity": 1.5}, "humidity is 1.5; accepted: a number from 0.0 to 1.0"),
        ({"humidity": float("nan")}, "humidity is nan; accepted"),
        ({"humidity": "wet"}, "humidity is 'wet'; accepted"),
        ({"program": "soup"}, "unknown program 'soup'; accepted: bread, cake"),
        ({"program": ["cake"]}, "unknown program ['cake']; accepted: bread, cake"),
        ({"level": 3}, "level is 3; accepted: 0.5, 1.0, 2.0"),
        ({"level": True}, "level is True; accepted: 0.5, 1.0, 2.0"),
        ({"minutes": "short"}, "minutes 'short'; accepted: auto, long or a whole number from 1 to 90"),
        ({"minutes": 0}, "minutes 0; accepted"),
        ({"minutes": ["auto"]}, "minutes ['auto']; accepted"),
        ({"sides": []}, "sides is empty; accepted: at least one of top, bottom"),
        ({"sides": "back"}, "unknown side 'back'; accepted: top, bottom"),
        ({"sides": ["top", "top"]}, "sides ['top', 'top'] names one twice"),
        ({"fan": 1}, "fan is 1; accepted: on, off"),
        ({"rack": 3}, "a rack is a mapping of height, but got 3"),
        ({"rack": {"height": 0}}, "height is 0; accepted: a whole number from 1 on, or none"),
        ({"more": {"height": 1}}, "more is {'height': 1}; accepted: a list of racks"),
        ({"more": [{"depth": 1}]}, "unknown rack key 'depth'; accepted: height"),
        ({"colour": "red"}, "unknown oven key 'colour'; accepted: heat, humidity"),
        (None, "a oven is a mapping of heat, humidity"),
    ],
)
def test_what_is_not_accepted_is_told_in_one_line(values: Any, message: str) -> None:
    with pytest.raises(UserError, match=re.escape(message)) as caught:
        Oven.from_dict(values)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("values", [{"rack": {"height": 1}}, {"more": [Rack()]}, {"more": (1,)}])
def test_parts_are_settings_themselves(values: dict[str, Any]) -> None:
    with pytest.raises(UserError):
        Oven(**values)


def test_values_are_in_standard_form() -> None:
    given = Oven(humidity=1, level=2, minutes=5)
    assert [type(each) for each in (given.humidity, given.level, given.minutes)] == [float, float, int]
    assert str(Oven(humidity=-0.0).humidity) == "0.0"


# --- plain values and differences ---


@pytest.mark.parametrize("given", [Oven(), OTHER])
def test_plain_values_give_the_settings_back(given: Oven) -> None:
    assert Oven.from_dict(given.as_dict()) == given


def test_a_later_setting_is_left_out_of_plain_values_at_its_default() -> None:
    """So what is stored or digested stays what it was before there was the setting."""

    @dataclass(frozen=True)
    class Stove(Settings, what="stove"):
        heat: int = same_as(Oven, "heat")
        hood: bool = setting(False, "Hood", help="Take the steam away.", later=True)

    @dataclass(frozen=True)
    class Hob(Settings, what="hob"):
        hood: bool = same_as(Stove, "hood")

    assert Stove().as_dict() == {"heat": 180}
    assert Stove().all_values() == {"heat": 180, "hood": False}
    assert Stove(hood=True).as_dict() == {"heat": 180, "hood": True}
    assert changed(Stove(), Stove(hood=True)) == {"hood": False}
    assert (Hob().as_dict(), Hob(True).as_dict()) == ({}, {"hood": True})


def test_what_is_missing_has_its_default_and_one_name_is_a_list() -> None:
    assert Oven.from_dict({}) == Oven()
    assert Oven.from_dict({"sides": "bottom"}).sides == ("bottom",)


def test_only_differences_are_told() -> None:
    assert changed(Oven(), Oven()) == {}
    assert short_json(changed(Oven(), Oven())) == ""
    near = Oven(sides=("bottom",), rack=Rack(2))
    assert short_json(changed(near, Oven())) == '{"sides":["bottom"],"rack":{"height":2}}'
    assert Oven.from_dict({**OTHER.as_dict(), **changed(near, OTHER)}) == near


def test_words_of_the_command_line() -> None:
    assert words(Oven(), Oven()) == []
    said = "--temperature 200 --humidity 0.25 --program cake --level 2.0 --minutes 45 --fan --dark --height 3"
    assert words(Oven(200, 0.25, "cake", 2.0, 45, fan=True, light=False, rack=Rack(3)), Oven()) == said.split()
    assert words(Oven(), Oven(fan=True, light=False)) == ["--no-fan", "--no-dark"]
    assert words(Oven(spices=("salt", "dill")), Oven()) == ["--spices", "salt,dill"]


def test_a_setting_can_be_that_of_another_dataclass() -> None:
    @dataclass(frozen=True)
    class Stove(Settings, what="stove"):
        heat: int = same_as(Oven, "heat")

    assert table(Stove)["heat"] == table(Oven)["heat"]
    assert Stove() == Stove(180)


# --- the command line ---


def told(cls: type[Settings], *arguments: str, overriding: bool = False) -> Any:
    """The changes that a command with those options gets."""
    got = []

    @click.command()
    @setting_options(cls, overriding)
    @click.option("--own", default=1)
    def command(own: int, changes: dict[str, Any]) -> None:
        got.append(changes)

    answer = CliRunner().invoke(command, arguments)
    return got[0] if got else answer.output


def test_options_give_the_settings() -> None:
    given = Oven(200, 0.25, "cake", minutes=45, fan=True, light=False, rack=Rack(3))
    assert Oven(**told(Oven, *words(given, Oven()))) == given
    assert Oven(**told(Oven)) == Oven()
    assert Oven(**told(Oven, "--minutes", "long")).minutes == "long"


def test_several_names_are_one_option() -> None:
    given = Oven(spices=("salt", "dill"))
    assert Oven(**told(Oven, *words(given, Oven()), overriding=True)) == given
    assert told(Oven, "--spices", "dill, salt", overriding=True) == {"spices": ("dill", "salt"), "rack": Rack()}
    assert told(Oven, "--spices", "", overriding=True)["spices"] == ()


@pytest.mark.parametrize("start", [Oven(), Oven(150, fan=True, light=False)])
def test_overriding_options_give_only_what_is_said(start: Oven) -> None:
    given = Oven(200, start.humidity, minutes=45, fan=not start.fan, light=not start.light)
    changes = told(Oven, *words(given, start), overriding=True)
    assert set(changes) == {"heat", "minutes", "fan", "light", "rack"}
    assert Oven(**{**{name: getattr(start, name) for name in table(Oven)}, **changes}) == given


# --- written once ---


def made(most: int, help: str) -> type[Settings]:
    """Settings of which one range and one help are given."""

    @dataclass(frozen=True)
    class Kettle(Settings, what="kettle"):
        litres: int = setting(2, "Litres", Between(1, most), help=help)

    return Kettle


def form(cls: type) -> None:
    import streamlit as st

    from app.controls.field import field

    st.session_state.setdefault("form_version", 0)
    field(cls(), "litres", "litres")


def in_error(cls: type[Settings]) -> str:
    with pytest.raises(UserError) as caught:
        cls.from_dict({"litres": 99})
    return str(caught.value)


def in_form(cls: type[Settings]) -> str:
    (control,) = AppTest.from_function(form, args=(cls,)).run().number_input
    return f"{control.label}: {control.help} Up to {control.max:g}"


PLACES: dict[str, tuple[Callable[[type[Settings]], str], str]] = {
    "error": (in_error, "litres is 99; accepted: a whole number from 1 to {most}"),
    "command line": (lambda cls: " ".join(told(cls, "--help").split()), "--litres INTEGER {help} [default: 2]"),
    "form": (in_form, "Litres: {help} Up to {most}"),
    "listing": (listing, "| `litres` | 2 | a whole number from 1 to {most} | {help} |"),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("most", "help"), [(5, "Water to boil."), (9, "How much to heat.")])
def test_a_range_and_a_help_are_changed_in_one_place(place: str, most: int, help: str) -> None:
    shown, expected = PLACES[place]
    assert expected.format(most=most, help=help) in shown(made(most, help))


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_every_setting_says_what_it_is(cls: type[Settings]) -> None:
    for each in table(cls).values():
        assert each.label[0].isupper() or each.label.startswith("c_")
        assert each.help.endswith("."), each.name
        assert each.accepted.check(each.name, each.default) == each.default
