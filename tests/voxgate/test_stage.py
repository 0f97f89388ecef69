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
