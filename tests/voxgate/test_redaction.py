from __future__ import annotations

import pytest

from voxgate.errors import ConfigError, ExternalServiceError, VoxgateError
from voxgate.redaction import redacted, safe_cause

SECRET = "s3cr:t/p@ss"


@pytest.mark.parametrize(
    "text",
    [
        f"could not reach postgresql://anna:{SECRET}@db.example:5432/ledger",
        f"postgresql+psycopg://anna:{SECRET}@db/ledger?sslmode=require",
        f"MLflow at https://anna:{SECRET}@host: 401",
        f"smtp://anna:{SECRET}@mail:587, smtps://bob:{SECRET}@mail",
        "https://s3crtpss@host/repo.git",
        "git+https://s3crtpss@host/repo.git",
        f"postgresql://db/ledger?user=anna&password={SECRET}",
        f"host=db password={SECRET} user=anna",
        f"host=db password='{SECRET} {SECRET}'",
        f"https://bucket.example/x?X-Amz-Credential={SECRET}&X-Amz-Signature={SECRET}",
        f"https://hooks.example/x?token={SECRET}&x=1",
        f"https://hooks.example/x?sig={SECRET}",
        "Authorization: Bearer s3crtpss.s3crtpss",
    ],
)  # fmt: skip
def test_a_password_is_in_no_message(text: str) -> None:
    for shown in (redacted(text), str(VoxgateError(text)), str(ConfigError("here", [text]))):
        assert "s3cr" not in shown
        assert "p@ss" not in shown
        assert "***" in shown


@pytest.mark.parametrize(
    "text",
    [
        "models:/voice@champion",
        "http://127.0.0.1:5000/#/models/voice@champion",
        "postgresql://anna@db/ledger",
        "git@github.com:anna/voice.git",
        "featurize.tokenizer_sha256: expected 12 tokens, got token 5",
        "sqlite:////srv/voices/a:b/mlflow.db",
        "https://host/path?prompt=1&seed=2",
    ],
)
def test_what_lets_nobody_in_is_shown(text: str) -> None:
    assert redacted(text) == text


def test_a_traceback_shows_no_password_either() -> None:
    outer = ValueError("no answer")
    outer.__cause__ = OSError("connect postgresql://anna:s3cret@db failed")
    assert safe_cause(outer) is None
    plain = ExternalServiceError("no answer")
    assert safe_cause(plain) is plain
