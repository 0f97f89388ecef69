import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.build_tree import CHECKPOINTS, write_build_tree
from voxgate.adapters.mlflow import projection as mlflow_projection
from voxgate.adapters.mlflow.projection import find, project
from voxgate.adapters.mlflow.registry import (
    CANDIDATE_TAG,
    download_evidence,
    versions,
)
from voxgate.adapters.mlflow.runs import COMPLETE_TAG
from voxgate.adapters.mlflow.store import MlflowStore, connect
from voxgate.errors import ExternalServiceError, RegistryError
from voxgate.files import read_json
from voxgate.release.ports.registry import Candidate
from voxgate.settings import Settings


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> MlflowStore:
    return connect(Settings(), tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def candidate(tmp_path_factory: pytest.TempPathFactory) -> Candidate:
    workspace = write_build_tree(tmp_path_factory.mktemp("checkout"))
    return Candidate(
        digest="d" * 64,
        model_name="voice-test",
        workspace=workspace,
        data_version="0123456789abcdef0123456789abcdef.dir",
        checkpoints=read_json(workspace.stage_dir("evaluate") / "checkpoints.json"),
        params={"train": {"seed": 1}, "validate": {"spoken_symbols": {"*": "star"}}},
    )


@pytest.fixture(scope="module")
def projected(store: MlflowStore, candidate: Candidate) -> Any:
    return project(store, candidate)


def _runs(store: MlflowStore, query: str = "") -> list[Any]:
    return list(store.client.search_runs([store.experiment_id], query))


def _parent(store: MlflowStore, digest: str) -> Any:
    (run,) = _runs(store, f"tags.`{CANDIDATE_TAG}` = '{digest}'")
    return run


def test_the_version_carries_data_version_and_scope(projected: Any) -> None:
    assert projected.version == 1
    assert projected.tags["voxgate.consent_scope"] == "evaluation"
    assert projected.tags["voxgate.data_version"].endswith(".dir")


def test_the_parent_run_has_nested_runs_and_the_data_set(
    store: MlflowStore, projected: Any
) -> None:
    parent = _parent(store, "d" * 64)
    children = _runs(store, f"tags.`mlflow.parentRunId` = '{parent.info.run_id}'")
    assert {run.info.run_name for run in children} == {"validate", "train", "evaluate"}
    assert parent.data.params["validate.spoken_symbols.u002a"] == "star"
    (entry,) = parent.inputs.dataset_inputs
    assert entry.dataset.digest == projected.tags["voxgate.data_version"]


def test_each_checkpoint_is_a_logged_model_with_its_step_and_metrics(
    store: MlflowStore, projected: Any
) -> None:
    assert projected is not None
    models = store.client.search_logged_models([store.experiment_id])
    by_name = {model.name: model for model in models}
    assert set(by_name) == set(CHECKPOINTS)
    model = by_name[CHECKPOINTS[0]]
    metrics = {metric.key: metric for metric in model.metrics}
    assert metrics["select/wer"].value == pytest.approx(0.5)
    assert metrics["select/wer"].step == 10
    assert metrics["select/wer"].dataset_name == "data.dvc"


def test_learning_curves_are_metrics_with_steps(store: MlflowStore, projected: Any) -> None:
    assert projected is not None
    (run,) = _runs(store, "attributes.run_name = 'train'")
    history = store.client.get_metric_history(run.info.run_id, "s1/train/loss")
    assert [(point.step, point.value) for point in history] == [(1, 1.0), (2, 0.5)]


def test_audio_table_page_and_pictures_are_there_to_look_at(
    store: MlflowStore, projected: Any, tmp_path: Path
) -> None:
    assert projected is not None
    (run,) = _runs(store, "attributes.run_name = 'evaluate'")
    local = Path(store.client.download_artifacts(run.info.run_id, "", str(tmp_path)))
    assert (local / "audio" / "g1-0.flac").is_file()
    assert (local / "pictures" / "mel_spectrograms.png").stat().st_size > 10_000
    assert (local / "pictures" / "similarity.png").stat().st_size > 10_000
    assert (local / "pictures" / "sound.png").stat().st_size > 10_000
    table = read_json(local / "prompts.json")
    assert table["data"][0][table["columns"].index("transcript")] == "the line is often"
    page = (local / "listening_room.html").read_text()
    assert "The &lt;line&gt; is open." in page
    assert page.count("data:audio/flac;base64,") == 1


def test_evidence_and_provenance_come_back_from_the_registry_alone(
    store: MlflowStore, projected: Any, tmp_path: Path
) -> None:
    path = download_evidence(store, projected.parent_run_id, tmp_path)
    assert read_json(path)["consent_scope"] == "evaluation"
    parent = projected.parent_run_id
    names = {file.path for file in store.client.list_artifacts(parent, "provenance")}
    assert names == {f"provenance/{name}" for name in mlflow_projection.PROVENANCE}


def test_projecting_again_changes_nothing(
    store: MlflowStore, candidate: Candidate, projected: Any
) -> None:
    before = len(_runs(store))
    again = project(store, candidate)
    assert again.version == projected.version
    assert len(_runs(store)) == before
    assert len(versions(store, "voice-test")) == 1


def test_a_look_at_what_is_projected_writes_nothing(
    store: MlflowStore, candidate: Candidate, projected: Any
) -> None:
    before = len(_runs(store))
    assert find(store, candidate.model_name, candidate.digest) == projected
    assert find(store, candidate.model_name, "0" * 64) is None
    assert find(store, "voice-other", candidate.digest) is None
    assert len(_runs(store)) == before


@pytest.mark.slow
def test_an_interrupted_projection_is_written_anew_and_leaves_one_of_each(
    store: MlflowStore, candidate: Candidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = replace(candidate, digest="e" * 64, model_name="voice-interrupted")

    def stop(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(mlflow_projection, "_log_evaluation", stop)
        with pytest.raises(KeyboardInterrupt):
            project(store, other)
    assert COMPLETE_TAG not in _parent(store, "e" * 64).data.tags
    assert find(store, "voice-interrupted", "e" * 64) is None
    assert project(store, other).version == 1
    assert COMPLETE_TAG in _parent(store, "e" * 64).data.tags
    assert len(versions(store, "voice-interrupted")) == 1


@pytest.mark.slow
def test_pages_for_people_that_are_gone_hold_nothing_up(
    store: MlflowStore, tmp_path: Path, candidate: Candidate
) -> None:
    workspace = write_build_tree(tmp_path)
    shutil.rmtree(workspace.stage_dir("validate") / "data_docs")
    made = replace(candidate, workspace=workspace, digest="a" * 64, model_name="voice-no-pages")
    assert project(store, made).version == 1


@pytest.mark.slow
def test_a_run_that_somebody_deleted_is_made_again(
    store: MlflowStore, candidate: Candidate
) -> None:
    other = replace(candidate, digest="f" * 64, model_name="voice-deleted")
    first = project(store, other)
    store.client.delete_run(first.parent_run_id)
    assert find(store, "voice-deleted", "f" * 64) is None
    second = project(store, other)
    assert second.parent_run_id != first.parent_run_id
    assert _parent(store, "f" * 64).info.run_id == second.parent_run_id


def test_what_mlflow_refuses_is_not_called_an_outage(store: MlflowStore) -> None:
    from voxgate.adapters.mlflow.store import reporting_outages

    with pytest.raises(RegistryError, match="alphanumerics"), reporting_outages("sqlite:///x"):
        store.client.log_param(_runs(store)[0].info.run_id, "a*", 1)


def test_a_server_that_is_away_is_an_outage_and_shows_no_password(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path\n"
        "from voxgate.adapters.mlflow.store import connect\n"
        "from voxgate.errors import ExternalServiceError\n"
        "from voxgate.settings import load_settings\n"
        "try:\n"
        f"    connect(load_settings(), Path({str(tmp_path)!r}))\n"
        "except ExternalServiceError as error:\n"
        "    print(error)\n"
    )
    environment = {
        **os.environ,
        "VOXGATE_MLFLOW_TRACKING_URI": "http://me:hunter2@127.0.0.1:9",
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0",
    }
    answer = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert "run again: finished stages are kept" in answer.stdout
    assert "hunter2" not in answer.stdout + answer.stderr
    assert ExternalServiceError.__name__ not in answer.stderr
