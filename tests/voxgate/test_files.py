import errno
import os
from pathlib import Path

import pytest

from voxgate import files
from voxgate.errors import StorageError


def test_canonical_json_does_not_depend_on_key_order() -> None:
    assert files.canonical_json({"b": 1, "a": [2]}) == files.canonical_json({"a": [2], "b": 1})


def test_canonical_json_refuses_nan() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        files.canonical_json({"wer": float("nan")})


def test_digest_of_a_file_is_the_digest_of_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 3_000_000)
    assert files.digest_file(path) == files.digest_bytes(b"x" * 3_000_000)


def test_write_replaces_in_one_step_and_leaves_no_temporary_file(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "value.json"
    files.write_json(path, {"n": 1})
    files.write_json(path, {"n": 2})
    assert files.read_json(path) == {"n": 2}
    assert [p.name for p in path.parent.iterdir()] == ["value.json"]


def test_what_a_killed_writer_of_the_file_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    left, other = (tmp_path / f".{name}.voxgate-b46d93f6.tmp" for name in ("a.json", "b.json"))
    left.touch()
    other.touch()
    files.write_text(tmp_path / "a.json", "{}")
    assert sorted(path.name for path in tmp_path.iterdir()) == [other.name, "a.json"]


def test_a_full_disk_keeps_the_old_file_and_is_a_storage_error(tmp_path: Path) -> None:
    path = tmp_path / "value"
    files.write_bytes(path, b"old")
    with pytest.raises(StorageError, match="No space left"), files.write_path(path) as temporary:
        temporary.write_bytes(b"ne")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["value"]


def test_an_error_of_the_writer_travels_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyError), files.write_path(tmp_path / "value"):
        raise KeyError("x")
    assert list(tmp_path.iterdir()) == []


def test_a_published_directory_replaces_the_old_one_as_a_whole(tmp_path: Path) -> None:
    target = tmp_path / "out"
    with files.publish_directory(target) as folder:
        (folder / "old").touch()
    with files.publish_directory(target) as folder:
        (folder / "new").touch()
    assert [p.name for p in target.iterdir()] == ["new"]


def test_a_directory_that_failed_half_way_is_not_published(tmp_path: Path) -> None:
    target = tmp_path / "out"
    with pytest.raises(ValueError, match="half"), files.publish_directory(target) as folder:
        (folder / "part").touch()
        raise ValueError("half")
    assert list(tmp_path.iterdir()) == []


def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    big = tmp_path / "bigdisk" / "voice"
    big.mkdir(parents=True)
    (big / "old").touch()
    (tmp_path / "data").symlink_to(big)
    with files.publish_directory(tmp_path / "data") as folder:
        (folder / "new").touch()
    assert (tmp_path / "data").is_symlink()
    assert [p.name for p in big.iterdir()] == ["new"]
    assert [p.name for p in big.parent.iterdir()] == ["voice"]


def test_a_file_gets_the_permissions_that_were_asked_for(tmp_path: Path) -> None:
    with files.write_path(tmp_path / "ledger.db", mode=0o600) as temporary:
        temporary.write_bytes(b"rows")
    assert (tmp_path / "ledger.db").stat().st_mode & 0o777 == 0o600
