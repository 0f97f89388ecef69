"""What `featurize` writes is the same wherever it reads and tokenises."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasks.stages.featurize import featurize
from tests.fakes.validated_clips import Clip, clips, write_validated
from voxgate.training.fit.work_folder import folder_contents

pytestmark = [pytest.mark.slow, pytest.mark.assets, pytest.mark.usefixtures("assets_dir")]


def run(root: Path, rows: list[Clip]) -> dict[str, str]:
    workspace, params = write_validated(root, rows)
    if not workspace.base_dir.exists():
        workspace.base_dir.symlink_to(Path("base").resolve())
    assert featurize(workspace, params).accepted
    return folder_contents(workspace.stage_dir("featurize"))


def test_tables_are_the_same_here_and_in_two_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [*clips(20), Clip(name="ann/mute", text="..."), Clip(name="ann/blip", seconds=0.15)]
    monkeypatch.setenv("VOXGATE_WORKERS", "2")
    found = {}
    for name in ("serial", "processes"):
        monkeypatch.setenv("VOXGATE_EXECUTOR", name)
        found[name] = run(tmp_path / name, rows)
    assert found["serial"].keys() == found["processes"].keys()
    assert all(found["serial"][file] == found["processes"][file] for file in found["serial"])
    assert "no_phones" in (tmp_path / "serial/build/featurize/dropped.csv").read_text()


def test_what_is_cached_needs_no_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run(tmp_path / "checkout", clips(20))
    monkeypatch.setenv("VOXGATE_ASSETS_DIR", str(tmp_path / "nothing"))
    assert run(tmp_path / "checkout", clips(20)) == first
