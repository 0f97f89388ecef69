from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from voxgate import temporaries
from voxgate.files import publish_directory, recover_directory
from voxgate.temporaries import remove_leftovers, scratch_directory, temporary_path

HOLD = """
import sys, time
from pathlib import Path
from voxgate.temporaries import temporary_path
with temporary_path(Path(sys.argv[1]), "voice", folder=sys.argv[2] == "folder") as path:
    if path.is_dir():
        (path / "part").write_bytes(b"half")
    print(path, flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_the_temporary_of_a_living_writer_stays_and_that_of_a_dead_one_goes(
    tmp_path: Path, kind: str
) -> None:
    deep = tmp_path / "build" / "train"
    deep.mkdir(parents=True)
    writer = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(deep), kind], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    with writer.stdout:
        path = Path(writer.stdout.readline().strip())
        remove_leftovers(tmp_path)
        assert path.exists()
        writer.kill()
        writer.wait(timeout=10)
    assert path.exists()
    remove_leftovers(tmp_path)
    assert list(deep.iterdir()) == []


def test_what_others_call_temporary_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".notes.k2j3h4.tmp").write_bytes(b"an editor's")
    remove_leftovers(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == [".notes.k2j3h4.tmp"]


def test_publishing_again_removes_what_a_killed_writer_left(tmp_path: Path) -> None:
    left = tmp_path / ".data.voxgate-00000000.tmp"
    left.mkdir()
    (left / "big.wav").write_bytes(b"RIFF")
    with publish_directory(tmp_path / "data") as folder:
        (folder / "manifest.csv").write_bytes(b"")
    assert [p.name for p in tmp_path.iterdir()] == ["data"]


def test_a_folder_that_cannot_be_removed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(1, "not permitted", str(path))

    monkeypatch.setattr(temporaries.shutil, "rmtree", refuse)
    with (
        caplog.at_level(logging.WARNING),
        temporary_path(tmp_path, "voice", folder=True) as path,
    ):
        pass
    assert str(path) in caplog.text
    assert "remove it by hand" in caplog.text


def test_a_scratch_folder_goes_and_takes_a_dead_ones_along(tmp_path: Path) -> None:
    (tmp_path / ".scratch.voxgate-00000000.tmp").mkdir()
    with scratch_directory(tmp_path) as folder:
        assert list(tmp_path.iterdir()) == [folder]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("renames", [1, 2, 3])
def test_without_an_exchange_of_names_a_kill_between_two_renames_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, renames: int
) -> None:
    class KilledError(BaseException):
        pass

    target = tmp_path / "data"
    target.mkdir()
    (target / "old").touch()
    monkeypatch.setattr(temporaries, "_exchange", lambda *_: False)
    rename, left = Path.rename, [renames]

    def rename_and_die(path: Path, to: Path) -> Path:
        if left[0] == 0:
            raise KilledError
        left[0] -= 1
        return rename(path, to)

    # A kill removes nothing behind itself.
    monkeypatch.setattr(temporaries, "_remove", lambda _: None)
    monkeypatch.setattr(Path, "rename", rename_and_die)
    try:
        with publish_directory(target) as folder:
            (folder / "new").touch()
    except KilledError:
        pass
    monkeypatch.undo()
    recover_directory(target)
    assert [p.name for p in target.iterdir()] == ["old" if renames == 1 else "new"]
    with publish_directory(target) as folder:
        (folder / "next").touch()
    assert [p.name for p in tmp_path.iterdir()] == ["data"]
    assert [p.name for p in target.iterdir()] == ["next"]
