from pathlib import Path

import pytest

from voxgate.errors import ConfigError
from voxgate.settings import load_settings


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXGATE_ASSETS_DIR", "/somewhere/assets")
    assert load_settings().assets_dir == Path("/somewhere/assets")


def test_a_wrong_value_is_named_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXGATE_DEVICE", "secret-by-mistake")
    with pytest.raises(ConfigError, match="VOXGATE_DEVICE") as caught:
        load_settings()
    assert "secret-by-mistake" not in str(caught.value)


def test_a_password_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXGATE_MLFLOW_PASSWORD", "hunter2")
    assert "hunter2" not in repr(load_settings())


def test_a_secret_may_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "voxgate_webhook_secret").write_text("from the file\n")
    (tmp_path / "voxgate_mlflow_password").write_text("from the file")
    monkeypatch.setenv("VOXGATE_SECRETS_DIR", str(tmp_path))
    monkeypatch.setenv("VOXGATE_MLFLOW_PASSWORD", "from the environment")
    settings = load_settings()
    assert settings.webhook_secret is not None
    assert settings.webhook_secret.get_secret_value() == "from the file"
    assert settings.mlflow_password is not None
    assert settings.mlflow_password.get_secret_value() == "from the environment"


def test_a_folder_of_secrets_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXGATE_SECRETS_DIR", "/run/nowhere")
    with pytest.raises(ConfigError, match="VOXGATE_SECRETS_DIR: '/run/nowhere' is not a folder"):
        load_settings()
