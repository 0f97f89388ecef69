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
