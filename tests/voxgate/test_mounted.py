from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from voxgate import files, mounted
from voxgate.files import publish_directory, recover_directory
from voxgate.mounted import is_mounted

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def mount(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that publishing takes for a mount point, with old content."""
    folder = tmp_path / "data"
    for name in ("manifest.csv", "audio/anna/a.wav", "lost+found/x"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("old")
    monkeypatch.setattr(files, "is_mounted", lambda path: path == folder)
    return folder


def _publish(folder: Path) -> None:
    with publish_directory(folder) as new:
        (new / "audio" / "ben").mkdir(parents=True)
        (new / "audio" / "ben" / "b.wav").write_text("new")
        (new / "manifest.csv").write_text("new")


def _content(folder: Path) -> dict[str, str]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in found}


NEW = {"audio/ben/b.wav": "new", "lost+found/x": "old", "manifest.csv": "new"}
OLD = {"audio/anna/a.wav": "old", "lost+found/x": "old", "manifest.csv": "old"}


def test_a_mount_point_keeps_its_place_and_gets_the_new_content(mount: Path) -> None:
    before = mount.stat().st_ino
    _publish(mount)
    assert mount.stat().st_ino == before
    assert _content(mount) == NEW
    assert [p.name for p in mount.parent.iterdir()] == ["data"]


@pytest.mark.parametrize("steps", range(8))
def test_what_a_kill_interrupted_is_finished_by_the_next(
    mount: Path, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    class KilledError(BaseException):
        pass

    left = [steps]

    def count() -> None:
        if left[0] == 0:
            raise KilledError
        left[0] -= 1

    rename, remove = Path.rename, mounted.shutil.rmtree
    monkeypatch.setattr(Path, "rename", lambda path, to: (count(), rename(path, to))[1])
    monkeypatch.setattr(mounted.shutil, "rmtree", lambda path: (count(), remove(path))[1])
    try:
        _publish(mount)
    except KilledError:
        assert steps < 7
    monkeypatch.undo()
    monkeypatch.setattr(files, "is_mounted", lambda path: path == mount)
    recover_directory(mount)
    assert _content(mount) == (OLD if steps == 0 else NEW)
    assert not list(mount.glob(".voxgate-*"))


@pytest.mark.slow
def test_a_real_mount_point_of_the_same_disk_is_known_for_one(tmp_path: Path) -> None:
    big, data = tmp_path / "big disk", tmp_path / "da ta"
    big.mkdir()
    data.mkdir()
    code = (
        "import sys; from pathlib import Path; from voxgate.files import publish_directory\n"
        "with publish_directory(Path(sys.argv[1])) as new: (new / 'manifest.csv').touch()"
    )
    script = f'mount --bind "{big}" "{data}" && exec "{sys.executable}" -c "{code}" "{data}"'
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if "ermitted" in done.stderr or "denied" in done.stderr:
        pytest.skip("mounting is not permitted here")
    assert done.returncode == 0, done.stderr
    assert [p.name for p in big.iterdir()] == ["manifest.csv"]
    assert not is_mounted(data)
