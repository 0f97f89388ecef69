from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.dvc_project import Project
from tests.flows.conftest import project, project_tree
from voxgate.adapters.dvc.leftovers import mend_after_kill
from voxgate.adapters.dvc.pipeline import reproduce

__all__ = ["project", "project_tree"]


@pytest.mark.parametrize("left", ["nothing", "a temporary file"])
def test_a_kill_while_dvc_remembers_a_run_does_not_stop_the_stage_for_good(
    project: Project, left: str
) -> None:
    assert reproduce(project.root, "ingest", timeout_s=120) == 0
    (remembered,) = (project.root / ".dvc" / "cache" / "runs").glob("*/*/*")
    remembered.unlink()
    if left != "nothing":
        (remembered.parent / "KJq2tFmWh3.tmp").write_bytes(b"cmd: py")
    # As if the kill had come before dvc.lock was written.
    (project.root / "dvc.lock").unlink()
    assert reproduce(project.root, "ingest", timeout_s=120) == 0
    (whole,) = remembered.parent.iterdir()  # by another name: the stage writes the time
    assert len(whole.name) == len(remembered.name)


def test_a_lock_file_that_was_cut_off_is_removed_and_a_whole_one_stays(project: Project) -> None:
    path = project.root / ".dvc" / "tmp" / "rwlock"
    path.parent.mkdir(exist_ok=True)
    path.write_text('{"read": {"/data": [{"pid"')
    mend_after_kill(project.root)
    assert not path.exists()
    path.write_text("{}")
    mend_after_kill(project.root)
    assert path.exists()


def test_what_dvc_remembers_stays(project: Project) -> None:
    whole = project.root / ".dvc" / "cache" / "runs" / "aa" / ("a" * 64) / ("b" * 64)
    whole.parent.mkdir(parents=True)
    whole.write_text("cmd: python")
    mend_after_kill(project.root)
    assert whole.read_text() == "cmd: python"


def test_a_cache_that_checkouts_share_keeps_what_has_just_begun(
    project: Project, tmp_path: Path
) -> None:
    shared = tmp_path / "shared"
    project.dvc("cache", "dir", str(shared))
    begun = shared / "runs" / "aa" / ("a" * 64)
    begun.mkdir(parents=True)
    mend_after_kill(project.root)
    assert begun.is_dir()


def test_files_that_dvc_did_not_finish_are_removed_wherever_it_writes(project: Project) -> None:
    cache = project.root / ".dvc" / "cache" / "files" / "md5"
    left = [
        cache / ".su34y3KUkFGT_B8SQNqwbQ.tmp",
        cache / "aa" / ".su34y3KUkFGT_B8SQNqwbQ.tmp",
        project.root / "data" / "audio" / ".su34y3KUkFGT_B8SQNqwbQ.tmp",
        project.root / "build" / "model.bin.su34y3KUkFGT_B8SQNqwbQ.tmp",
    ]
    owned = [project.root / "data" / "notes.tmp", cache / "aa" / ("b" * 30)]
    for path in [*left, *owned]:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"RIFF")
    mend_after_kill(project.root)
    assert [path for path in [*left, *owned] if path.exists()] == owned
