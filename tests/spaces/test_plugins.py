"""Search spaces of a user's own: where they come from, and that no bad one breaks anything."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eproxy_engine import settings, spaces
from eproxy_engine.errors import UserError
from eproxy_engine.proxy import Evaluation
from eproxy_engine.runs import Store
from eproxy_engine.runs.executors import make
from eproxy_engine.runs.kinds.evaluation.specification import EvaluationSpecification
from eproxy_engine.sampling import Sample
from eproxy_engine.spaces import plugins as plugins_module
from eproxy_engine.spaces import registry
from eproxy_engine.spaces.builtin import BUILTIN
from eproxy_engine.spaces.plugins import VARIABLE, Plugin, Plugins
from tests.properties import damaged, examples, taken_or_refused
from tests.registry import EXAMPLE, ROOT, fresh_registry
from tests.runs.conftest import configuration

__all__ = ["fresh_registry"]
pytestmark = pytest.mark.usefixtures("fresh_registry")

OURS = [space.name for space in BUILTIN]
GOOD = EXAMPLE.read_text("utf-8")
NET = "1-1-1/3/batch/relu/half"


def written(path: Path, text: str = GOOD) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def renamed(name: str) -> str:
    return GOOD.replace('name = "plain-convnets"', f'name = "{name}"')


def asked_for(monkeypatch: pytest.MonkeyPatch, *sources: object) -> None:
    monkeypatch.setenv(VARIABLE, os.pathsep.join(map(str, sources)))


def the_problem(source: object, *parts: str) -> str:
    """The one problem, which names the plug-in; and that nothing else has changed."""
    (problem,) = spaces.plugin_problems()
    assert "\n" not in problem
    for part in (repr(str(source)), *parts):
        assert part in problem
    assert spaces.names() == OURS
    assert spaces.get(OURS[0]).name == OURS[0]
    return problem


# --- where plug-ins come from ---


def test_without_plugins_there_are_those_of_the_product() -> None:
    assert spaces.names() == OURS
    assert spaces.plugin_problems() == []


def test_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    more = written(tmp_path / "more.py", renamed("more"))
    asked_for(monkeypatch, EXAMPLE, "", more)
    assert spaces.names() == [*OURS, "plain-convnets", "more"]
    assert spaces.get("more").title == "Plain convnets"
    assert spaces.plugin_problems() == []


def test_from_the_settings(tmp_path: Path) -> None:
    """A relative path counts from the folder of the settings; the same plug-in twice is loaded once."""
    written(tmp_path / "home" / "mine.py")
    written(settings.path(), f"plugins: [mine.py, '{tmp_path}/home/../home/mine.py']")
    assert spaces.get("plain-convnets").name == "plain-convnets"
    assert spaces.plugin_problems() == []


def test_from_a_module_that_can_be_imported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    written(tmp_path / "src" / "their_package" / "__init__.py", "")
    written(tmp_path / "src" / "their_package" / "space.py")
    monkeypatch.syspath_prepend(str(tmp_path / "src"))
    asked_for(monkeypatch, "their_package.space")
    assert spaces.names() == [*OURS, "plain-convnets"]


@pytest.mark.processes
def test_from_an_installed_package(tmp_path: Path) -> None:
    """Its entry point is found in a process of its own, as metadata are read once."""
    site = tmp_path / "site"
    written(site / "their_module.py")
    written(site / "theirs-1.0.dist-info" / "METADATA", "Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n")
    written(site / "theirs-1.0.dist-info" / "entry_points.txt", f"[{plugins_module.GROUP}]\nnets = their_module:x\n")
    code = "from eproxy_engine import spaces; print(spaces.names()[-1], spaces.plugin_problems())"
    environment = {**os.environ, "PYTHONPATH": str(site)}
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert answer.stdout == "plain-convnets []\n", answer.stderr


def test_metadata_that_cannot_be_read_are_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(group: str) -> None:
        raise TypeError("no such thing")

    monkeypatch.setattr(plugins_module.metadata, "entry_points", broken)
    plugins_module._installed.cache_clear()
    try:
        assert spaces.plugin_problems() == ["plug-ins of the package: TypeError: no such thing"]
        assert spaces.names() == OURS
    finally:
        plugins_module._installed.cache_clear()


def test_none_is_loaded_before_it_is_needed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked_for(monkeypatch, written(tmp_path / "loud.py", f"open({str(tmp_path / 'loaded')!r}, 'x')\n{GOOD}"))
    spaces.get("nasbench201")
    assert not (tmp_path / "loaded").exists()
    for _ in range(3):
        spaces.get("plain-convnets")
        spaces.names()
    assert (tmp_path / "loaded").exists()


@pytest.mark.processes
def test_importing_spaces_loads_neither_plugins_nor_torch(tmp_path: Path) -> None:
    bad = written(tmp_path / "bad.py", "raise SystemExit('loaded')")
    code = "import sys; from eproxy_engine import spaces; spaces.get('nasbench201'); sys.exit('torch' in sys.modules)"
    environment = {**os.environ, VARIABLE: str(bad)}
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment).returncode == 0


def test_one_that_is_added_meanwhile_is_found(tmp_path: Path) -> None:
    """A dashboard need not be started again."""
    assert spaces.names() == OURS
    settings.change(lambda old: settings.Settings((str(EXAMPLE),)))
    assert spaces.names() == [*OURS, "plain-convnets"]
    settings.change(lambda old: settings.Settings((str(EXAMPLE), str(written(tmp_path / "more.py", renamed("more"))))))
    assert spaces.get("more").name == "more"


def test_paths_of_the_environment_are_made_absolute_for_workers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(EXAMPLE.parent)
    asked_for(monkeypatch, EXAMPLE.name, "some.module")
    spaces.names()
    monkeypatch.chdir(tmp_path)
    assert os.environ[VARIABLE] == os.pathsep.join([str(EXAMPLE), "some.module"])


def test_many_threads_load_a_plugin_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked_for(monkeypatch, written(tmp_path / "slow.py", f"import time; time.sleep(0.2)\n{GOOD}"))
    found: list[list[str]] = []
    threads = [threading.Thread(target=lambda: found.append(spaces.names())) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[*OURS, "plain-convnets"]] * 5
    assert spaces.plugin_problems() == []


def test_a_plugin_may_look_at_other_spaces(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    looking = f"from eproxy_engine import spaces\nassert spaces.names()\nassert not spaces.plugin_problems()\n{GOOD}"
    asked_for(monkeypatch, written(tmp_path / "looking.py", looking))
    assert spaces.names() == [*OURS, "plain-convnets"]


# --- what a plug-in file may be called, and what lies beside it ---


def test_modules_beside_it_can_be_imported_also_later(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    written(tmp_path / "the_layers.py", "from torch import nn\nhead = lambda c, n: nn.Linear(c, n)\n")
    text = GOOD.replace("from torch import nn\n\n    return", "from the_layers import nn\n\n    return")
    asked_for(monkeypatch, written(tmp_path / "space.py", text))
    space = spaces.get("plain-convnets")
    assert space.build(space.parse(NET), 4).stage_channels == (8, 4, 2)


@pytest.mark.parametrize("file", ["statistics.py", "torch.py", "streamlit.py", "my space-2.0.py"])
def test_its_file_takes_no_name_from_another_module(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, file: str) -> None:
    before = sys.modules.get(file.removesuffix(".py"))
    asked_for(monkeypatch, written(tmp_path / file))
    space = spaces.get("plain-convnets")
    assert sys.modules.get(file.removesuffix(".py")) is before
    assert sys.modules[type(space).__module__].__file__ == str(tmp_path / file)
    net = space.sample(np.random.default_rng(0))
    assert pickle.loads(pickle.dumps(net)) == net


def test_two_files_of_one_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    files = [written(tmp_path / name / "space.py", renamed(name)) for name in ("one", "two")]
    asked_for(monkeypatch, *files)
    assert spaces.names() == [*OURS, "one", "two"]


def test_importing_the_file_oneself_comes_to_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As a script of the author does, before or after the plug-in has been loaded."""
    path = written(tmp_path / "my_nets.py")
    asked_for(monkeypatch, path)
    monkeypatch.syspath_prepend(str(tmp_path))
    import my_nets  # type: ignore[import-not-found]

    assert spaces.names() == [*OURS, "plain-convnets"]
    assert spaces.plugin_problems() == []
    assert isinstance(spaces.get("plain-convnets"), my_nets.PlainConvNets)
    assert registry.user_plugins.load()[0].spaces == ("plain-convnets",)


def test_imported_after_it_was_loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked_for(monkeypatch, written(tmp_path / "my_later_nets.py"))
    space = spaces.get("plain-convnets")
    import my_later_nets  # type: ignore[import-not-found]

    assert isinstance(space, my_later_nets.PlainConvNets)


# --- plug-ins that fail ---


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("import no_such_module", ["ModuleNotFoundError: No module named 'no_such_module'", "line 1)"]),
        ("\n\nx = 1 / 0", ["ZeroDivisionError: division by zero", "bad.py, line 3)"]),
        ("def f():\n  return (\n", ["SyntaxError: '(' was never closed", "bad.py, line 2)"]),
        ("\nimport sys\nsys.exit(3)", ["importing it exits Python (SystemExit 3)", "bad.py, line 3)"]),
        ("raise ValueError('one\\ntwo')", ["ValueError: one two (", "line 1)"]),
        ("raise ValueError('long' * 1000)", ["ValueError: longlong", "line 1)"]),
        ("pass", ["registers no search space", "spaces.register("]),
        ("\0", ["null bytes"]),
        (GOOD + "\nraise KeyError('late')", ["KeyError: 'late'"]),
        (renamed("nasbench201"), ["a search space named 'nasbench201' is already registered"]),
        (GOOD + "\nspaces.register(PlainConvNets())", ["'plain-convnets' is already registered"]),
        (GOOD.replace("register(PlainConvNets())", "register(PlainConvNets)"), ["got the class PlainConvNets"]),
        (GOOD.replace("register(PlainConvNets())", "register('mine')"), ["got 'mine'"]),
        (GOOD.replace("def mutate", "def mutated"), ["TypeError", "abstract", "mutate", "line "]),
    ],
)
def test_a_broken_one_is_a_problem_and_nothing_more(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str, parts: list[str]
) -> None:
    path = written(tmp_path / "bad.py", text)
    asked_for(monkeypatch, path)
    problem = the_problem(path, *parts)
    assert len(problem) < 700
    assert caplog.messages == [problem]
    assert "bad" not in sys.modules


@pytest.mark.parametrize("name", ["Plain", "plain convnets", "../plain", "", "plain_convnets", "é", "a\\nb"])
def test_names_of_files_and_addresses_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    path = written(tmp_path / "bad.py", renamed(name))
    asked_for(monkeypatch, path)
    the_problem(path, "the name of PlainConvNets is", "lower-case letters, digits and hyphens", "line ")


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ('    name = "plain-convnets"\n', "", ["PlainConvNets has no attribute name"]),
        ('    title = "Plain convnets"\n', "", ["has no attribute title"]),
        ("    published_width = 16\n", "", ["has no attribute published_width"]),
        ("small_width = 16", "small_width = 0", ["small_width of plain-convnets is 0"]),
        ("small_width = 16", "small_width = True", ["small_width of plain-convnets is True"]),
        ("small_width = 16", "small_width = 16; typical_speed = 0", ["typical_speed of plain-convnets is 0"]),
        ('tasks = (Task("patches"', 'tasks = () or list((Task("patches"', ["tasks of plain-convnets is"]),
        ("tasks = (", "tasks = () and (", ["tasks of plain-convnets is ()"]),
        ('Task("patches"', 'Task("flops"', ["is named 'flops'"]),
        ('Task("patches"', 'Task("a@3"', ["is named 'a@3'"]),
        ('"""The search space."""', '"""."""; largest_flops = 3; family = ""', ["family of plain-convnets is ''"]),
        ("return ConvNet(*words)", 'return ConvNet("2-2-2", *words[1:])', ["parse reads '", "gave, as"]),
        ("return ConvNet(*words)", "raise UserError('no')", ["parse refuses '", "no"]),
        ("return ConvNet(*words)", "return self.nothing", ["has no attribute 'nothing'", "line "]),
        ("words = text.strip()", "words = text", ["line "]),
        ("@dataclass(frozen=True)\n", "@dataclass\n", ["sample gives a ConvNet, which has no hash", "line "]),
        (
            "return replace(architecture, ",
            "return architecture or replace(architecture, ",
            ["mutate returns the architecture"],
        ),
        ("rng.choice(others)", "others[99]", ["IndexError: list index out of range", "line "]),
        ('return {"network": graph}', "return {}", ["drawings is {}"]),
        ('return {"network": graph}', "return {'network': graph.to_undirected()}", ["not an acyclic networkx.DiGraph"]),
        (
            'labels.append("output")',
            'labels.append("result")',
            ["0 nodes of the drawing 'network' are labelled 'output'"],
        ),
        ("add_node(node, label=label)", "add_node(node)", ["node 0 of the drawing 'network' has no label"]),
    ],
)
def test_a_space_that_breaks_a_simple_promise(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, old: str, new: str, parts: list[str]
) -> None:
    assert GOOD.count(old) == 1, old
    text = GOOD.replace(old, new)
    if "list((" in new:
        text = text.replace('comes from"),)', 'comes from"),))')
    path = written(tmp_path / "bad.py", text)
    asked_for(monkeypatch, path)
    the_problem(path, *parts)


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("no_such_module_anywhere", "No module named 'no_such_module_anywhere'"),
        ("no_such.module", "No module named 'no_such'"),
        ("not-a-name", "not a module name"),
        ("/no/such/file.py", "no such file"),
        ("/etc/hostname", "not a Python file"),
        ("~/no_such_file.py", "no such file"),
        ("~no-such-user/file.py", "no such file"),
        (f"/{'x' * 300}.py", "no such file"),
    ],
)
def test_sources_that_lead_nowhere(monkeypatch: pytest.MonkeyPatch, source: str, part: str) -> None:
    asked_for(monkeypatch, source)
    the_problem(os.path.join(os.getcwd(), os.path.expanduser(source)) if "/" in source else source, part)


def test_the_others_work_beside_a_broken_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = written(tmp_path / "one.py", "x")
    last = written(tmp_path / "two.py", renamed("mine") + "\n1/0")
    asked_for(monkeypatch, first, EXAMPLE, last)
    assert spaces.names() == [*OURS, "plain-convnets"]
    assert [repr(str(path)) in problem for path, problem in zip((first, last), spaces.plugin_problems(), strict=True)]
    with pytest.raises(UserError, match=r"'mine'; .* and 24 more: .* \(plug-ins that failed: 2"):
        spaces.get("mine")


def test_a_repaired_one_is_tried_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = written(tmp_path / "mending.py", "1/0")
    asked_for(monkeypatch, path)
    assert len(spaces.plugin_problems()) == 1
    written(path)
    os.utime(path, ns=(0, 1))
    assert spaces.plugin_problems() == []
    assert spaces.names() == [*OURS, "plain-convnets"]


def test_a_problem_ends_when_nobody_asks_for_the_plugin_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    asked_for(monkeypatch, "no_such_module_anywhere")
    assert len(spaces.plugin_problems()) == 1
    asked_for(monkeypatch)
    assert spaces.plugin_problems() == []


@examples(0.4)
@given(content=damaged(GOOD.encode()))
@example(b"\0")
@example(b"(" * 100_000)
@example(b"class Silent(Exception):\n    def __str__(self): raise self\nraise Silent")
def test_a_damaged_plugin_is_loaded_or_a_problem_in_one_line(
    fresh_registry: Plugins, tmp_path: Path, content: bytes
) -> None:
    source = tmp_path / f"plugin_{len(list(tmp_path.iterdir()))}.py"
    source.write_bytes(content)
    problem = fresh_registry.load_one(Plugin(str(source), "command")).problem
    assert problem is None or len(problem.splitlines()) == 1


def test_an_interrupt_is_no_problem_of_the_plugin(
    fresh_registry: Plugins, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked_for(monkeypatch, written(tmp_path / "waiting.py", "raise KeyboardInterrupt"))
    with pytest.raises(KeyboardInterrupt):
        spaces.names()
    assert fresh_registry.load(without=str(tmp_path / "waiting.py")) == []


# --- the settings ---


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("plugins: [", "cannot be read"),
        ("- a", "['a'] is no setting"),
        ("colour: red", "unknown setting 'colour'; accepted: plugins"),
        ("plugins: mine.py", "plugins is 'mine.py'; accepted: a list"),
        ("plugins: [3]", "plugins holds 3"),
        ("plugins: ['']", "plugins holds ''"),
        ('plugins: ["a\\nb"]', "plugins holds 'a\\nb'"),
        ("plugins: !!python/object/apply:os.getcwd []", "cannot be read"),
        ("\udc80", "cannot be read"),
    ],
)
def test_settings_that_cannot_be_used_are_a_problem(text: str, part: str) -> None:
    settings.path().parent.mkdir(parents=True)
    settings.path().write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(UserError) as caught:
        settings.load()
    for message in (str(caught.value), the_problem(settings.path(), part)):
        assert part in message
        assert "\n" not in message
    with pytest.raises(UserError):
        settings.change(lambda old: old)
    assert settings.path().read_bytes() == text.encode(errors="surrogateescape")


@given(content=damaged(b"plugins: [mine.py, their.module]\n") | st.text("[]{}:,-*&!?|'\"0 \nplugins").map(str.encode))
@example(b"!!int ''")
@example(b"[" * 5000)
def test_any_settings_are_read_or_refused(content: bytes) -> None:
    settings.path().parent.mkdir(parents=True, exist_ok=True)
    settings.path().write_bytes(content)
    taken_or_refused(settings.load)


@pytest.mark.parametrize("text", ["", "# nothing", "plugins:", "plugins: []"])
def test_settings_may_say_nothing(text: str) -> None:
    written(settings.path(), text)
    assert settings.load() == settings.Settings()


def test_settings_are_kept() -> None:
    assert settings.load() == settings.Settings()
    changed = settings.change(lambda old: settings.Settings(("ä.py", "some.module")))
    assert settings.load() == changed == settings.Settings(("ä.py", "some.module"))
    assert sorted(path.name for path in settings.path().parent.iterdir()) == ["settings.lock", "settings.yaml"]


def test_settings_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EPROXY_HOME", str(written(tmp_path / "file", "")))
    with pytest.raises(UserError, match=r"settings\.yaml' cannot be written: "):
        settings.change(lambda old: old)


# --- in other processes ---


@pytest.mark.processes
def test_a_pool_of_processes_evaluates_their_architectures(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Spawned processes read the same settings and the same environment."""
    settings.change(lambda old: settings.Settings((str(EXAMPLE),)))
    asked_for(monkeypatch, written(tmp_path / "more.py", renamed("more")))
    wanted = [Evaluation.of(name, NET, configuration(), "noise", 1) for name in ("plain-convnets", "more")]
    with closing(make("cpu", workers=2)) as executor:
        outcomes = dict(executor.run(wanted))
    assert set(outcomes) == set(wanted)
    with closing(make("cpu", workers=1)) as executor:
        assert all(outcome.values == outcomes[each].values for each, outcome in executor.run(wanted))


@pytest.mark.processes
def test_a_worker_started_elsewhere_carries_out_a_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings.change(lambda old: settings.Settings((str(EXAMPLE),)))
    store = Store(tmp_path / "store.sqlite3")
    sample = Sample("space", size=2)
    run = store.create(EvaluationSpecification("plain-convnets", "patches", sample, configuration(), "noise").checked())
    command = [sys.executable, "-m", "eproxy_engine", "work", "--linger", "0", "--workers", "1", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    answer = subprocess.run(
        [*command, "--store", str(store.path)], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert json.loads(answer.stdout) == {"runs": 1}, answer.stderr
    assert store.run(run.id).status == "finished", store.run(run.id).error


# --- runs of a space whose plug-in is gone ---


def test_a_run_keeps_a_title_without_its_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    asked_for(monkeypatch, EXAMPLE)
    specification = EvaluationSpecification(
        "plain-convnets", "patches", Sample("space", size=2), configuration(), "noise"
    )
    assert specification.title.startswith("Plain convnets, patches: 2 architectures")
    asked_for(monkeypatch)
    del registry._spaces["plain-convnets"]
    monkeypatch.setattr(registry, "user_plugins", Plugins(registry._spaces))
    assert specification.title.startswith("plain-convnets, patches: 2 architectures")
    with pytest.raises(UserError, match="'plain-convnets'"):
        specification.checked()
