"""`models` and `tasks` are names that other packages use too; ours must win."""

import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("name", ["flows", "models", "tasks", "voxgate"])
def test_each_import_name_resolves_inside_this_repository(name: str) -> None:
    file = importlib.import_module(name).__file__
    assert file is not None
    assert Path(file).resolve().is_relative_to(ROOT)
