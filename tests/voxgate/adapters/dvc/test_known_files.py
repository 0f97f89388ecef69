"""A file is read again exactly where it may have changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.fakes.dvc_checkout import copy_checkout
from voxgate.adapters.dvc import known_files
from voxgate.adapters.dvc.data import assert_registered, data_version
from voxgate.adapters.dvc.known_files import read_known_tree
from voxgate.adapters.dvc.tree import md5_of, read_tree
from voxgate.errors import DataVersionError
from voxgate.stage import Workspace

NAMES = ("manifest.csv", "audio/a b.wav", "audio/ü.wav", "audio/deep/c.wav")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder whose files were written long ago."""
    for name in NAMES:
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path / "data"


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    """Return where nothing is remembered yet."""
    return tmp_path / "memory"


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the files that were read so far; clear it to look anew."""
    found: list[str] = []

    def reading(entry: os.DirEntry[str]) -> str:
        found.append(entry.name)
        return md5_of(entry)

    monkeypatch.setattr(known_files, "md5_of", reading)
    monkeypatch.setattr(known_files, "SETTLING_NS", 0)
    return found


def test_it_is_the_tree_that_dvc_sees_each_time(folder: Path, memory: Path) -> None:
    expected = read_tree(folder)
    for _ in range(3):
        found = read_known_tree(folder, memory)
        assert (found, found.digest) == (expected, expected.digest)


def test_what_nobody_touched_is_not_read_again(
    folder: Path, memory: Path, names: list[str]
) -> None:
    read_known_tree(folder, memory)
    assert len(names) == len(NAMES)
    names.clear()
    (folder / "new.wav").write_text("new")
    (folder / "manifest.csv").unlink()
    assert read_known_tree(folder, memory) == read_tree(folder)
    assert names == ["new.wav"]


@pytest.mark.usefixtures("names")
def test_a_change_is_seen_whatever_time_and_size_the_file_pretends_to_have(
    folder: Path, memory: Path
) -> None:
    path = folder / NAMES[1]
    read_known_tree(folder, memory)
    was = path.stat()
    path.write_text("x" * was.st_size)
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert read_known_tree(folder, memory) == read_tree(folder)


@pytest.mark.usefixtures("names")
def test_a_file_in_the_place_of_another_is_seen(folder: Path, memory: Path) -> None:
    read_known_tree(folder, memory)
    (folder / NAMES[1]).replace(folder / NAMES[2])
    assert read_known_tree(folder, memory) == read_tree(folder)


def test_what_was_just_written_is_read_again(
    folder: Path, memory: Path, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_files, "SETTLING_NS", 60_000_000_000)
    read_known_tree(folder, memory)
    names.clear()
    read_known_tree(folder, memory)
    assert len(names) == len(NAMES)


@pytest.mark.parametrize("spoilt", [b"", b"nonsense", b"\xff\n\xff"])
def test_a_damaged_memory_is_none(folder: Path, memory: Path, spoilt: bytes) -> None:
    memory.write_bytes(spoilt)
    assert read_known_tree(folder, memory) == read_tree(folder)


def test_a_memory_that_was_altered_is_none(folder: Path, memory: Path, names: list[str]) -> None:
    read_known_tree(folder, memory)
    names.clear()
    md5 = read_tree(folder).files["manifest.csv"].encode()
    memory.write_bytes(memory.read_bytes().replace(md5, b"0" * 32))
    assert read_known_tree(folder, memory) == read_tree(folder)
    assert len(names) == len(NAMES)


def test_a_memory_that_cannot_be_written_costs_only_time(
    folder: Path, memory: Path, caplog: pytest.LogCaptureFixture, names: list[str]
) -> None:
    memory.mkdir()  # nothing can be put in the place of a folder
    assert read_known_tree(folder, memory) == read_tree(folder)
    assert names
    assert "will be read again next time" in caplog.text


def test_the_check_of_data_reads_what_changed_since(tmp_path: Path, names: list[str]) -> None:
    root = copy_checkout(tmp_path / "checkout")
    assert assert_registered(root) == data_version(root)
    names.clear()
    assert_registered(root)
    assert names == []
    (Workspace(root).data_dir / "audio/tone/one.wav").write_text("changed")
    with pytest.raises(DataVersionError, match=r"1 changed: audio/tone/one\.wav"):
        assert_registered(root)
    assert set(names) == {"one.wav"}
