"""The form for the images: folders are named absolutely, and what is wrong with one is told beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from tests.app.driving import ROOT, chosen, control, read

SCRIPT = """
from app.shell import state
from app.controls.images import images_form

state.begin("")
state.keep(images_form(state.choice()))
"""


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The form, with the 16 pictures of the folder ``pics`` in the folder that the dashboard runs in."""
    (tmp_path / "pics").mkdir()
    for place in range(16):
        Image.new("L", (40, 40), 10 * place).save(tmp_path / "pics" / f"{place}.png")
    monkeypatch.setenv("EPROXY_HOME", str(tmp_path))
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.chdir(tmp_path)
    return AppTest.from_string(SCRIPT, default_timeout=60)


def given(app: AppTest, folder: str) -> AppTest:
    app.run()
    control(app, "selectbox", "Source").set_value("folder").run()
    control(app, "text_input", "Path of the folder").set_value(folder).run()
    assert not app.exception
    return app


def test_a_folder_is_named_absolutely(app: AppTest, tmp_path: Path) -> None:
    given(app, "pics")
    assert chosen(app).specification.images == f"folder:{tmp_path / 'pics'}"
    assert not app.error
    assert not app.warning


def test_pictures_that_are_the_same_are_told(app: AppTest, tmp_path: Path) -> None:
    (tmp_path / "pics" / "0.png").write_bytes((tmp_path / "pics" / "1.png").read_bytes())
    given(app, "pics").run()  # and go on being told
    assert read(app.warning[0]).startswith("1 of the 16 images look the same as another one. NASWOT")


def test_a_folder_that_cannot_be_used_is_told_and_not_taken(app: AppTest) -> None:
    assert "no such folder" in read(given(app, "pictures").error[0])
    assert chosen(app).specification.images == "bundled"
