import re
from pathlib import Path

import pytest

from voxgate.errors import RefusalError, StageError
from voxgate.stage import Outcome, Reason, Workspace, read_outcome, require_accepted


def test_an_outcome_survives_the_file(tmp_path: Path) -> None:
    outcome = Outcome(stage="ingest", accepted=False, reasons=(Reason("empty", "no clips"),))
    outcome.write(tmp_path)
    assert read_outcome(tmp_path) == outcome


def test_a_refusal_stops_the_next_stage_with_its_reasons(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    refused = Outcome(stage="validate", accepted=False, reasons=(Reason("few", "3 clips left"),))
    refused.write(workspace.stage_dir("validate"))
    with pytest.raises(RefusalError, match="'validate' refused: few: 3 clips left"):
        require_accepted(workspace, ["validate"])


def test_a_stage_that_has_not_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(StageError, match="'ingest' has not run"):
        require_accepted(Workspace(tmp_path), ["ingest"])


def test_there_are_no_other_stages(tmp_path: Path) -> None:
    with pytest.raises(StageError, match="no stage 'deploy'"):
        Workspace(tmp_path).stage_dir("deploy")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (lambda w: w.params_file, "params.yaml"),
        (lambda w: w.graph_lock, "dvc.lock"),
        (lambda w: w.schedules_file, "prefect.yaml"),
        (lambda w: w.data_pointer, "data.dvc"),
        (lambda w: w.manifest, "data/manifest.csv"),
        (lambda w: w.stage_dir("train"), "build/train"),
        (lambda w: w.cache_dir, ".voxgate/cache"),
        (lambda w: w.work_dir, ".voxgate/work"),
        (lambda w: w.bundles_dir, ".voxgate/bundles"),
        (lambda w: w.monitor_dir, ".voxgate/monitor"),
        (lambda w: w.ledger_file, ".voxgate/ledger/ledger.db"),
        (lambda w: w.mlflow_database, ".voxgate/mlflow/mlflow.db"),
        (lambda w: w.mlflow_artifacts, ".voxgate/mlflow/artifacts"),
        (lambda w: w.prefect_dir, ".voxgate/prefect"),
        (lambda w: w.pretraining_dir, ".voxgate/pretraining"),
        (lambda w: w.run_lock, ".voxgate/run.lock"),
        (lambda w: w.data_record, ".voxgate/registered-data"),
        (lambda w: w.listening_key, ".voxgate/listening.key"),
        (lambda w: w.speech_dir, ".voxgate/speech"),
        (lambda w: w.speech_assets_dir, ".voxgate/speech/assets"),
        (lambda w: w.quality_calibration("0" * 64), f".voxgate/quality/{'0' * 32}.json"),
        (lambda w: w.campaigns_dir, ".voxgate/campaigns"),
        (lambda w: w.campaign_outputs("spring"), ".voxgate/campaigns/spring"),
        (lambda w: w.speech_key, ".voxgate/speech.key"),
        (lambda w: w.fault_file("train"), ".voxgate/faults/train.json"),
        (lambda w: w.heartbeat_file("monitor"), ".voxgate/heartbeats/monitor.json"),
    ],
)
def test_what_checkouts_keep_stays_where_it_is(path, place: str) -> None:
    assert path(Workspace(Path("here"))).as_posix() == f"here/{place}"


def test_no_other_module_spells_a_place_of_the_checkouts_own() -> None:
    repository = Path(__file__).parents[2]
    spelled = re.compile(r'[/(] ?"\.voxgate')
    sources = (p for top in ("flows", "tasks", "voxgate") for p in (repository / top).rglob("*.py"))
    found = {p.relative_to(repository).as_posix() for p in sources if spelled.search(p.read_text())}
    assert found == {"voxgate/stage.py"}
