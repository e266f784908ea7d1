"""One direction of dependence (DESIGN.md), read from the imports themselves."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).parents[1]
LONGEST = 300
"""Lines of a file."""
ABOVE = ("scoring", "search", "runs", "scoreboard", "bench", "api", "cli")
AT_THE_TOP = ABOVE[3:]
BESIDE = ("baselines", "landscape")
BASELINES = (*BESIDE, *ABOVE)
BESIDE_STATISTICS = ("spaces", "images", "benchmarks", "proxy", *BESIDE, "scoring", "sampling", *ABOVE)
FEATURES = (
    "architecture_search",
    "architectures",
    "correlations",
    "landscape",
    "learned_ranking",
    "lesson",
    "proxy",
    "proxy_search",
    "runs",
    "scoreboard",
    "start",
)
"""A room of the dashboard each: they meet in the engine and in what several pages share, nowhere else."""
SHARED = ("charts", "shell", "views", "controls")
"""From the lowest to the highest; views and controls do not know each other."""
FORBIDDEN = {  # what the files of a package may not import
    "eproxy_engine": ("streamlit", "app", "pages"),
    "eproxy_engine/api": ("eproxy_engine.scoreboard", "eproxy_engine.bench", "eproxy_engine.cli"),
    "eproxy_engine/spaces": tuple(f"eproxy_engine.{part}" for part in ("benchmarks", "native", "proxy", *BASELINES)),
    "eproxy_engine/images": tuple(f"eproxy_engine.{part}" for part in ("spaces", "proxy", *BASELINES)),
    "eproxy_engine/benchmarks": (*(f"eproxy_engine.{part}" for part in ("proxy", *BASELINES)), "torch"),
    "eproxy_engine/native": tuple(f"eproxy_engine.{part}" for part in ("spaces", "images", "proxy", *BASELINES)),
    "eproxy_engine/proxy": tuple(f"eproxy_engine.{part}" for part in BASELINES),
    "eproxy_engine/baselines": tuple(f"eproxy_engine.{part}" for part in ("landscape", *ABOVE)),
    "eproxy_engine/landscape": tuple(f"eproxy_engine.{part}" for part in ("benchmarks", "baselines", *ABOVE)),
    "eproxy_engine/scoring": tuple(f"eproxy_engine.{part}" for part in ABOVE if part != "scoring"),
    "eproxy_engine/learning": tuple(f"eproxy_engine.{part}" for part in ABOVE if part != "scoring"),
    "eproxy_engine/search": tuple(f"eproxy_engine.{part}" for part in ("runs", *AT_THE_TOP)),
    "eproxy_engine/runs": tuple(f"eproxy_engine.{part}" for part in AT_THE_TOP),
    "eproxy_engine/scoreboard": (*(f"eproxy_engine.{part}" for part in AT_THE_TOP[1:]), "torch"),
    "eproxy_engine/bench": ("eproxy_engine.api", "eproxy_engine.cli"),
    "eproxy_engine/statistics": (*(f"eproxy_engine.{part}" for part in BESIDE_STATISTICS), "torch", "pandas"),
    "app/charts": ("streamlit", "app.panels", "app.forms", "app.shell.state", "pages"),
    "app": ("pages",),
}


def files(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imports(path: Path, walk: Callable[[ast.AST], Iterable[ast.AST]] = ast.walk) -> Iterator[tuple[str, str]]:
    """Module and name of all that a file imports, in the nodes that ``walk`` reaches: by default, anywhere in it."""
    package = ".".join(path.relative_to(ROOT).parent.parts)
    for node in walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level > 1 else package
            module = ".".join(filter(None, [base, node.module])) if node.level else str(node.module)
            yield from ((module, alias.name) for alias in node.names)


def imported(path: Path) -> set[str]:
    """Full names of all that a file imports, anywhere in it."""
    return {name for module, each in imports(path) for name in (module, f"{module}.{each}".rstrip("."))}


def offences(path: Path, forbidden: tuple[str, ...]) -> set[str]:
    return {name for name in imported(path) if any(f"{name}.".startswith(f"{module}.") for module in forbidden)}


def outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes below ``node`` that are carried out on import, and those under ``if TYPE_CHECKING``."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from outside_functions(child)


def circles(*packages: str) -> list[list[str]]:
    """Files that import each other outside of functions."""
    paths = {module_name(path): path for package in packages for path in files(package)}
    graph = nx.DiGraph()
    for importer, path in paths.items():
        for module, name in imports(path, outside_functions):
            whole = f"{module}.{name}"
            graph.add_edge(importer, whole if whole in paths else module)
    return [sorted(each) for each in nx.strongly_connected_components(graph) if len(each) > 1]


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("package", FORBIDDEN)
def test_a_package_imports_nothing_above_it(package: str) -> None:
    assert files(package)
    found = {str(path.relative_to(ROOT)): offences(path, FORBIDDEN[package]) for path in files(package)}
    assert {name: names for name, names in found.items() if names} == {}


def test_only_the_library_draws() -> None:
    drawing = {path.parent.name for path in files("eproxy_engine") if offences(path, ("plotly",))}
    assert drawing == {"api"}


def test_no_files_import_each_other() -> None:
    assert circles("eproxy_engine", "app") == []


@pytest.mark.parametrize("code", ["from a.two import x", "import a.two", "if TYPE_CHECKING:\n    from a import two"])
def test_a_circle_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "two.py").write_text(
        "def later():\n    import a.one\n\nclass X:\n    from .three import y", "utf-8"
    )
    (tmp_path / "a" / "three.py").write_text("from a import one", "utf-8")
    (tmp_path / "a" / "one.py").write_text("def later():\n    import a.two", "utf-8")
    assert circles("a") == []
    (tmp_path / "a" / "one.py").write_text(code, "utf-8")
    assert circles("a") == [["a.one", "a.three", "a.two"]]


def test_nothing_imports_the_converter() -> None:
    users = [path for package in ("eproxy_engine", "app", "pages") for path in files(package)]
    users = [path for path in users if path.parent.name != "convert"]
    assert [path for path in users if offences(path, ("eproxy_engine.benchmarks.convert",))] == []


def test_charts_draw_with_plotly_and_pages_with_streamlit() -> None:
    """Otherwise the rules above would hold because they look for the wrong names."""
    assert any(offences(path, ("plotly",)) for path in files("app/charts"))
    assert any(offences(path, ("streamlit",)) for path in files("pages"))
    assert any(offences(path, ("torch",)) for path in files("eproxy_engine/proxy"))


@pytest.mark.parametrize(
    "code",
    [
        "import streamlit",
        "from streamlit import write",
        "import streamlit.testing.v1 as t",
        "def late():\n    from streamlit.testing import v1",
    ],
)
def test_an_offence_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    path = tmp_path / "eproxy_engine" / "some.py"
    path.parent.mkdir()
    path.write_text(code, "utf-8")
    assert offences(path, ("streamlit",))
    assert not offences(path, ("stream",))


def test_every_part_of_the_engine_has_its_place() -> None:
    """A new package has to be put into the rules above."""
    folders = {path.parent.name for path in (ROOT / "eproxy_engine").glob("*/__init__.py")}
    assert folders == {Path(package).name for package in FORBIDDEN if package.startswith("eproxy_engine/")} | {"cli"}
    assert {path.parent.name for path in (ROOT / "app").glob("*/__init__.py")} == {*FEATURES, *SHARED}


@pytest.mark.parametrize("package", ["app", "eproxy_engine"])
def test_every_file_has_the_name_of_what_it_is_about(package: str) -> None:
    """Proxy search and architecture search are two things, and each has one name."""
    parts = {part for path in files(package) for part in path.relative_to(ROOT).with_suffix("").parts}
    assert {part for part in parts if part.startswith(("nas_", "dps_", "search_")) or part in ("nas", "dps")} == set()


@pytest.mark.parametrize("package", ["app", "eproxy_engine", "pages"])
def test_a_file_can_be_read_in_one_go(package: str) -> None:
    lines = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in files(package)}
    assert {path: count for path, count in lines.items() if count > LONGEST} == {}
