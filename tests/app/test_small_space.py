"""A search space of one's own with hardly any networks, and no accuracy of any: every page can be used."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from eproxy_engine.sampling import Sample
from tests.app.driving import ROOT, chosen, control, opened, read
from tests.registry import EXAMPLE, fresh_registry

__all__ = ["fresh_registry"]
FOUR = (
    EXAMPLE.read_text(encoding="utf-8")
    .replace('name = "plain-convnets"', 'name = "four-nets"')
    .replace('title = "Plain convnets"', 'title = "Four *nets*"')
    .replace('("1-1-1", "1-1-2", "1-2-1", "1-2-2", "2-1-1", "2-1-2", "2-2-1", "2-2-2")', '("1-1-1", "2-2-2")')
    .replace('"kernel": ("1", "3", "5")', '"kernel": ("1", "5")')
    .replace('("batch", "none")', '("batch",)')
    .replace('("relu", "tanh")', '("relu",)')
    .replace('("half", "full")', '("full",)')
    .replace("rng.choice(list(CHOICES))", "rng.choice(['depths', 'kernel'])")
)


@pytest.fixture
def space(fresh_registry: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "four_nets.py").write_text(FOUR, encoding="utf-8")
    monkeypatch.setenv("EPROXY_PLUGINS", str(tmp_path / "four_nets.py"))
    return "four-nets"


@pytest.mark.parametrize("page", sorted(path.stem for path in (ROOT / "pages").glob("*.py")))
def test_every_page_opens(space: str, app: AppTest, page: str) -> None:
    app.query_params["space"] = space
    app.run()
    app.switch_page(f"../pages/{page}.py").run()
    assert not app.exception
    assert [read(error) for error in app.error] == []


def test_the_default_sample_is_all_of_it_and_more_is_told_beside_the_control(space: str, app: AppTest) -> None:
    opened(app, "architectures", space=space)
    assert chosen(app).specification.sample == Sample("space", 4, 1)
    assert "Import accuracies" in [tab.label for tab in app.tabs]
    control(app, "number_input", "Size").set_value(6).run()
    assert [read(error) for error in app.error] == [
        "6 architectures cannot be drawn; accepted: 1 to 4, all that the space seems to have"
    ]
    assert "Import accuracies" in [tab.label for tab in app.tabs]
    assert chosen(app).specification.sample.size == 4
