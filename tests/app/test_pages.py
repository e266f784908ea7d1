"""Pages as scripts: controls change the choice, and errors are shown beside them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from eproxy_engine import spaces
from eproxy_engine.benchmarks.importing import csv_file
from eproxy_engine.proxy import preset
from eproxy_engine.runs import Store, bundled
from tests.app.driving import all_settings, chosen, control, opened, read


@pytest.mark.parametrize(
    "page",
    ["start", "architectures", "proxy", "correlations", "proxy_search", "architecture_search", "scoreboard", "runs"],
)
def test_every_page_runs(app: AppTest, page: str) -> None:
    opened(app, page)


def test_a_new_data_directory_gets_the_runs_that_ship(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "samples").mkdir()
    shutil.copy(bundled.SAMPLES_FOLDER / "nasbench201-laptop.json.gz", tmp_path / "samples")
    monkeypatch.setattr(bundled, "SAMPLES_FOLDER", tmp_path / "samples")
    monkeypatch.setenv("EPROXY_HOME", str(tmp_path / "new"))
    opened(app, "runs")
    assert [run.origin for run in Store().runs()] == ["sample"]


def test_space_and_sample(app: AppTest) -> None:
    opened(app, "architectures")
    control(app, "selectbox", "Search space").select("nasbench101").run()
    assert chosen(app).specification.task == "cifar10"
    control(app, "number_input", "Size").set_value(33).run()
    control(app, "selectbox", "Sample").select("best").run()
    assert chosen(app).specification.sample.rule == "best"
    assert chosen(app).specification.sample.size == 33
    control(app, "selectbox", "Sample").select("paper-dps-20").run()
    assert len(chosen(app).specification.architectures()) == 20
    control(app, "selectbox", "Task").select("imagenet").run()
    assert chosen(app).specification.sample.rule == "random"
    assert not app.exception


@pytest.mark.parametrize("space", ["transnas101-macro", "nasbench-mr", "nds-imagenet-nasnet", "nds-cifar10-resnet"])
def test_spaces_of_every_family_can_be_looked_at(app: AppTest, space: str) -> None:
    app.query_params["space"] = space
    opened(app, "architectures")
    family = spaces.get(space)
    assert control(app, "selectbox", "Family").value == family.family
    assert control(app, "selectbox", "Search space").value == space
    assert any(family.title in read(caption) for caption in app.caption)


def test_a_task_of_few_accuracies_says_that_the_sample_has_them_all(app: AppTest) -> None:
    csv_file.check("nasbench201", b"arch,mine\n235,90\n236,91\n", "mine.csv").keep()
    opened(app, "architectures")
    assert not any("known accuracy on this task" in read(each) for each in app.caption)
    control(app, "selectbox", "Task").select("mine").run()
    assert control(app, "number_input", "Size").value == 2
    assert "Size is 2 now instead of 100" in app.toast[0].value
    assert any("All 2 with a known accuracy on this task" in read(each) for each in app.caption)


def test_another_family_brings_its_first_space(app: AppTest) -> None:
    opened(app, "architectures")
    control(app, "selectbox", "Family").select("NAS-Bench-MR").run()
    assert chosen(app).specification.space == "nasbench-mr"
    assert chosen(app).specification.task == "cls-a"
    control(app, "selectbox", "Family").select("NDS, ImageNet").run()
    assert chosen(app).specification.space.startswith("nds-imagenet-")
    assert not app.exception


def test_without_ground_truth_the_page_says_how_to_add_it_and_samples_the_space(app: AppTest) -> None:
    app.query_params["space"] = "nds-cifar10-resnet"
    opened(app, "architectures")
    assert any("data.zip" in info.value for info in app.info)
    assert chosen(app).specification.sample.rule == "space"
    assert "random" not in control(app, "selectbox", "Sample").options
    assert len(chosen(app).specification.architectures()) == 50


def test_architectures_from_the_whole_space(app: AppTest) -> None:
    opened(app, "architectures", n="10")
    control(app, "selectbox", "Search space").select("nasbench101").run()
    control(app, "selectbox", "Sample").select("space").run()
    control(app, "number_input", "Size").set_value(12).run()
    drawn = chosen(app).specification.architectures()
    assert len(drawn) == 12
    assert drawn["accuracy"].isna().any()
    assert not app.exception


def test_the_choice_survives_a_change_of_page(app: AppTest) -> None:
    opened(app, "proxy")
    control(app, "toggle", "Barrier layer").set_value(False).run()
    control(app, "number_input", "Learning rate").set_value(0.1).run()
    control(app, "number_input", "Size").set_value(12).run()
    app.switch_page("../pages/runs.py").run()
    app.switch_page("../pages/proxy.py").run()
    assert control(app, "toggle", "Barrier layer").value is False
    assert control(app, "number_input", "Learning rate").value == 0.1
    assert chosen(app).specification.sample.size == 12


def test_a_preset_sets_every_control(app: AppTest) -> None:
    opened(app, "proxy")
    control(app, "number_input", "Learning rate").set_value(0.1).run()
    control(app, "selectbox", "Start from").select("paper").run()
    assert chosen(app).specification.proxy == preset("paper")
    assert control(app, "number_input", "Learning rate").value == 1.0
    assert control(app, "selectbox", "Width of the network").value == "published"
    control(app, "number_input", "Learning rate").set_value(0.1).run()
    next(button for button in app.button if button.label == "Back to the preset paper").click().run()
    assert chosen(app).specification.proxy == preset("paper")


def test_every_component_of_the_configuration_has_a_control(app: AppTest) -> None:
    opened(app, "proxy")
    control(app, "selectbox", "Width of the network").select("other").run()
    control(app, "number_input", "Stem channels").set_value(8).run()
    control(app, "number_input", "Iterations").set_value(5).run()
    all_settings(app)
    control(app, "number_input", "Images").set_value(4).run()
    control(app, "number_input", "Momentum").set_value(0.5).run()
    control(app, "number_input", "Weight decay").set_value(4e-5).run()
    control(app, "selectbox", "Network").select("kaiming_normal").run()
    control(app, "selectbox", "Barrier").select("xavier_uniform").run()
    control(app, "slider", "FLOPs weight α").set_value(-0.3).run()
    for label, value in (
        ("Transform kernel", 3),
        ("Barrier kernel", 7),
        ("c_mid", 16),
        ("c_out", 32),
        ("Coefficient", 2.0),
    ):
        control(app, "select_slider", label).set_value(value).run()
    control(app, "button_group", "Branches").set_value(["deepest", "before_first"]).run()
    control(app, "selectbox", "Branch weights").select("halving").run()
    control(app, "selectbox", "Largest FLOPs").select("measured").run()
    assert control(app, "selectbox", "Read-out").options == ["last", "1", "2", "3", "4"]
    assert "Iteration whose loss is the score" in control(app, "selectbox", "Read-out").help
    control(app, "selectbox", "Read-out").select("3").run()
    configuration = chosen(app).specification.proxy
    assert configuration.as_dict() == {
        "branches": [
            {
                "stage": "deepest",
                "features": ["wave_high"],
                "coefficient": 2.0,
                "transform_kernel": 3,
                "barrier_kernel": 7,
                "c_mid": 16,
                "c_out": 32,
            },
            {
                "stage": "before_first",
                "features": ["wave_high"],
                "coefficient": 1.0,
                "transform_kernel": 1,
                "barrier_kernel": 3,
                "c_mid": 64,
                "c_out": 64,
            },
        ],
        "barrier": True,
        "learning_rate": 1.0,
        "network_init": "kaiming_normal",
        "barrier_init": "xavier_uniform",
        "flops_weight": -0.3,
        "branch_weights": "halving",
        "iterations": 5,
        "batch": 4,
        "momentum": 0.5,
        "weight_decay": 4e-5,
        "width": 8,
        "flops_norm": "measured",
        "read_out": 3,
    }


def test_an_unreadable_folder_is_told_beside_the_control(app: AppTest) -> None:
    opened(app, "proxy")
    control(app, "selectbox", "Source").select("folder").run()
    control(app, "text_input", "Path of the folder").set_value("/no/such/folder").run()
    assert "/no/such/folder" in read(app.error[0])
    assert chosen(app).specification.images == "bundled"


def test_a_run_file_that_is_none_is_told(app: AppTest) -> None:
    opened(app, "runs")
    app.file_uploader[0].set_value([("run.json.gz", b"no gzip at all", "application/gzip")]).run()
    assert "the run file cannot be read" in read(app.error[0])


def test_launching_creates_the_run(app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.shell.launching.start_detached", lambda store: None)
    opened(app, "proxy")
    control(app, "number_input", "Size").set_value(7).run()
    next(button for button in app.button if button.label == "Evaluate").click().run()
    run = Store(tmp_path / "store.sqlite3").runs()[0]
    assert run.status == "queued"
    assert run.specification == chosen(app).specification
    assert chosen(app).run == run.id
    assert app.query_params["run"] == run.id


def test_architectures_picked_by_hand(app: AppTest) -> None:
    opened(app, "architectures")
    control(app, "selectbox", "Sample").select("picked").run()
    mine = "|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|"
    text = f"{mine}\nconv9x9\n{mine}\n(4, 0, 3,\n 1, 4, 3)"
    control(app, "text_area", "Architectures, one per line").set_value(text).run()
    assert "'conv9x9'" in read(app.error[0])
    naslibs = "|avg_pool_3x3~0|+|skip_connect~0|none~1|+|nor_conv_1x1~0|avg_pool_3x3~1|nor_conv_1x1~2|"
    assert chosen(app).specification.sample.picked == (mine, naslibs)


def test_an_unexpected_error_is_a_message(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(feature: str, name: str) -> str:
        raise RuntimeError("secret details")

    opened(app, "runs")
    monkeypatch.setattr("app.shell.text.text", broken)
    app.switch_page("../pages/start.py").run()
    assert "not your fault" in read(app.error[0])
    assert "secret" not in read(app.error[0])
    assert not app.exception
