from __future__ import annotations

import stat
from pathlib import Path

import pytest

from voxgate.errors import StorageError
from voxgate.private_files import keep_secret, make_private_file, make_private_folder


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_folder_and_file_are_their_owners_alone(tmp_path: Path) -> None:
    make_private_folder(tmp_path / ".voxgate")
    make_private_file(tmp_path / ".voxgate" / "ledger.db")
    assert _mode(tmp_path / ".voxgate") == 0o700
    assert _mode(tmp_path / ".voxgate" / "ledger.db") == 0o600


def test_what_was_open_is_closed_with_what_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir(mode=0o755)
    database = tmp_path / "state" / "ledger.db"
    for end in ("", "-wal", "-shm"):
        (tmp_path / "state" / f"ledger.db{end}").write_text("content")
        (tmp_path / "state" / f"ledger.db{end}").chmod(0o644)
    make_private_folder(tmp_path / "state")
    make_private_file(database)
    assert _mode(tmp_path / "state") == 0o700
    assert {_mode(path) for path in (tmp_path / "state").iterdir()} == {0o600}
    assert database.read_text() == "content"


def test_a_group_that_an_operator_chose_keeps_its_rights(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o2775)
    make_private_folder(folder)
    make_private_file(folder / "ledger.db")
    assert _mode(folder) == 0o2770
    (folder / "ledger.db").chmod(0o664)
    make_private_file(folder / "ledger.db")
    assert _mode(folder / "ledger.db") == 0o660


def test_a_secret_is_made_once_and_others_cannot_read_it(tmp_path: Path) -> None:
    path = tmp_path / "kept" / "speech.key"
    first = keep_secret(path)
    assert (len(first), keep_secret(path)) == (32, first)
    assert (stat.S_IMODE(path.stat().st_mode), len(list(path.parent.iterdir()))) == (0o600, 1)
    assert keep_secret(tmp_path / "other.key") != first


def test_a_secret_of_which_something_is_missing_is_none(tmp_path: Path) -> None:
    (tmp_path / "speech.key").write_bytes(b"short")
    with pytest.raises(StorageError, match="expected 32 random bytes, got 5"):
        keep_secret(tmp_path / "speech.key")
