"""What the embedded Prefect needs is looked at before it is imported."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from flows.environment import prepare_prefect
from tests.fakes.spoiled_databases import DAMAGED
from voxgate.errors import StorageError


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PREFECT_HOME", "PREFECT_API_URL", "PREFECT_API_DATABASE_CONNECTION_URL"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


def test_the_home_of_prefect_is_made_in_a_new_checkout(tmp_path: Path) -> None:
    prepare_prefect(tmp_path)
    assert os.environ["PREFECT_HOME"] == str(tmp_path / ".voxgate" / "prefect")
    assert list((tmp_path / ".voxgate" / "prefect").iterdir()) == []


def test_a_home_that_cannot_be_made_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / ".voxgate").touch()
    with pytest.raises(StorageError, match=r"\.voxgate/prefect.*run again"):
        prepare_prefect(tmp_path)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES])
def test_a_disk_that_takes_nothing_more_is_a_storage_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(*_arguments: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "posix_fallocate", refuse)
    with pytest.raises(StorageError, match=f"{os.strerror(code)}.*64 MiB"):
        prepare_prefect(tmp_path)


@pytest.mark.parametrize("content", [DAMAGED, b"text " * 500])
def test_a_damaged_database_of_prefect_is_named_with_what_to_do(
    tmp_path: Path, content: bytes
) -> None:
    home = tmp_path / ".voxgate" / "prefect"
    home.mkdir(parents=True)
    (home / "prefect.db").write_bytes(content)
    with pytest.raises(StorageError, match=r"prefect\.db.*history of runs.*rm "):
        prepare_prefect(tmp_path)


def test_a_database_that_is_not_asked_is_not_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / ".voxgate" / "prefect"
    home.mkdir(parents=True)
    (home / "prefect.db").write_text("no database")
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    prepare_prefect(tmp_path)
