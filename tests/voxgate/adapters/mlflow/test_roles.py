"""Reading who may do what; what the server makes of it is in tests/mlflow_server."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasks.release.roles import apply_accounts
from voxgate.adapters.mlflow.roles import Account, read_accounts
from voxgate.errors import ConfigError


def _write(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "accounts"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_a_line_is_an_account(tmp_path: Path) -> None:
    path = _write(
        tmp_path, "# desk\nanna approver anna-has-a-password\n\nrita reader 123456789012\n"
    )
    accounts = read_accounts(path)
    assert [(a.name, a.role, a.password) for a in accounts] == [
        ("anna", "approver", "anna-has-a-password"),
        ("rita", "reader", "123456789012"),
    ]
    assert "anna-has" not in repr(accounts)


def test_all_faults_are_named_and_no_password(tmp_path: Path) -> None:
    lines = [
        "a king long-enough-secret",
        "b reader shortsecret"[:-1],
        "c reader",
        "d reader " + "s" * 12,
    ]
    path = _write(tmp_path, "\n".join([*lines, "d trainer long-enough-secret"]), 0o640)
    with pytest.raises(ConfigError) as caught:
        read_accounts(path)
    assert caught.value.faults == (
        "others can read it (mode 640): chmod 600",
        "line 1: role 'king' is none of trainer, approver, reader",
        "line 2: the password of b is shorter than 12 characters",
        "line 3: expected NAME ROLE PASSWORD, got 2 words",
        "line 5: d has a line already",
    )
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "# nobody yet\n"])
def test_a_file_that_names_nobody_would_delete_everybody(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match="it names nobody"):
        read_accounts(_write(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none: cannot read it: No such file"):
        read_accounts(tmp_path / "none")


def test_without_a_server_there_are_no_accounts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VOXGATE_MLFLOW_TRACKING_URI", raising=False)
    path = _write(tmp_path, "anna approver anna-has-a-password\n")
    with pytest.raises(ConfigError, match="VOXGATE_MLFLOW_TRACKING_URI: not set: without a server"):
        apply_accounts(tmp_path, path)


def test_an_account_shows_no_password() -> None:
    assert repr(Account("a", "reader", "x" * 12)) == "Account(name='a', role='reader')"
