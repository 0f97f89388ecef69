"""`models` and `tasks` are names that other packages use too; ours must win."""

import ast
import importlib
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
WHEEL = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"][
    "build"
]["targets"]["wheel"]


@pytest.mark.parametrize("name", ["flows", "models", "tasks", "voxgate"])
def test_each_import_name_resolves_inside_this_repository(name: str) -> None:
    file = importlib.import_module(name).__file__
    assert file is not None
    assert Path(file).resolve().is_relative_to(ROOT)


def test_the_wheel_leaves_out_the_workshop_and_nothing_else() -> None:
    assert WHEEL == {
        "packages": ["flows", "tasks", "models", "voxgate"],
        "exclude": ["voxgate/pretraining"],
    }


def test_nothing_that_is_installed_imports_the_workshop_but_its_command() -> None:
    importers = {
        path.relative_to(ROOT).as_posix()
        for package in WHEEL["packages"]
        for path in (ROOT / package).rglob("*.py")
        if not path.is_relative_to(ROOT / "voxgate" / "pretraining")
        and any(name.startswith("voxgate.pretraining") for name in imports(path))
    }
    assert importers == {"flows/cli/pretrain.py"}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
