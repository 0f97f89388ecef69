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


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    names = "MLFLOW_TRACKING_URI", "LEDGER_URL", "ASSETS_DIR", "DEVICE", "SECRETS_DIR"
    for name in names:
        monkeypatch.setenv(f"VOXGATE_{name}", "")
    settings = load_settings()
    assert settings.mlflow_tracking_uri is None
    assert settings.ledger_url is None
    assert settings.assets_dir.is_absolute()
    assert settings.device == "cpu"


def test_a_stage_cannot_be_given_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXGATE_STAGE_TIME_FACTOR", "2.5")
    assert load_settings().stage_time_factor == 2.5
    monkeypatch.setenv("VOXGATE_STAGE_TIME_FACTOR", "0")
    with pytest.raises(ConfigError, match="VOXGATE_STAGE_TIME_FACTOR"):
        load_settings()


def test_the_home_of_the_user_may_be_written_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/anna")
    monkeypatch.setenv("VOXGATE_ASSETS_DIR", "~/assets")
    assert load_settings().assets_dir == Path("/home/anna/assets")


def test_a_process_without_a_home_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    # As in a container that runs under a number that has no name.
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    with pytest.raises(ConfigError, match=r"VOXGATE_ASSETS_DIR.*HOME"):
        load_settings()
    monkeypatch.setenv("VOXGATE_ASSETS_DIR", "/assets")
    assert load_settings().assets_dir == Path("/assets")
