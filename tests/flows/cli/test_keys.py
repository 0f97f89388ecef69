"""`voxgate keys` on the ledger's own database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from flows.cli.app import app
from voxgate.clock import utc_now
from voxgate.errors import ConfigError, VoxgateError
from voxgate.serving.api_keys import authenticate, token_parts
from voxgate.settings import Settings
from voxgate.wiring.api_keys import open_keys


@pytest.fixture(autouse=True)
def _own_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VOXGATE_LEDGER_URL", raising=False)


def call(root: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(app, ["keys", *arguments, "--root", str(root)])
    if isinstance(result.exception, VoxgateError):
        raise result.exception
    return result


def test_a_key_that_was_made_opens_until_it_is_revoked(tmp_path: Path) -> None:
    made = json.loads(
        call(tmp_path, "create", "the shop", "--class", "batch", "--days", "3", "--json").output
    )
    key_id, secret = token_parts(made["token"]) or ("", "")
    keys = open_keys(Settings(), tmp_path)
    found = authenticate(keys.find(key_id), secret, now=utc_now())
    assert (found.label, found.key_class.value, found.rights) == ("the shop", "batch", {"speak"})
    assert "opens nothing" in call(tmp_path, "revoke", key_id).output
    with pytest.raises(VoxgateError):
        authenticate(keys.find(key_id), secret, now=utc_now())


def test_a_key_may_be_kept_out_of_the_cache(tmp_path: Path) -> None:
    rights = ("--right", "speak", "--right", "cache:none")
    made = json.loads(call(tmp_path, "create", "the clinic", *rights, "--json").output)
    assert made["rights"] == ["cache:none", "speak"]


def test_the_list_shows_states_and_no_secrets(tmp_path: Path) -> None:
    assert "no keys" in call(tmp_path, "list").output
    token = call(tmp_path, "create", "the shop").output.splitlines()[0]
    key_id, secret = token_parts(token) or ("", "")
    listed = call(tmp_path, "list").output
    assert key_id in listed
    assert "valid" in listed
    assert secret not in listed
    call(tmp_path, "revoke", key_id)
    assert "revoked" in call(tmp_path, "list").output
    assert secret not in call(tmp_path, "list", "--json").output


def test_what_cannot_be_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--purpose"):
        call(tmp_path, "create", "x", "--purpose", "fun")
    with pytest.raises(ConfigError, match="real-time, interactive, batch"):
        call(tmp_path, "create", "x", "--class", "slow")
    with pytest.raises(ConfigError, match="fly"):
        call(tmp_path, "create", "x", "--right", "fly")
    with pytest.raises(ConfigError, match="no open key"):
        call(tmp_path, "revoke", "nobody")
    assert "no keys" in call(tmp_path, "list").output
