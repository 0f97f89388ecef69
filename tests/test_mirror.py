"""Tests lie where their sources lie, and no module is out of the reach of every test."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from voxgate.code_digest import import_closure

ROOT = Path(__file__).parents[1]
PACKAGES = ("flows", "tasks", "models", "voxgate")
MIRRORS = sorted(
    path.relative_to(ROOT / "tests").as_posix()
    for package in PACKAGES
    for path in (ROOT / "tests" / package).rglob("test_*.py")
)
ACROSS = {
    # one suite for every adapter of a port and its fake
    "voxgate/adapters/test_aligner_contract.py",
    "voxgate/adapters/test_executor_contract.py",
    "voxgate/adapters/test_ledger_contract.py",
    "voxgate/adapters/test_recogniser_contract.py",
    "voxgate/adapters/test_speaker_encoder_contract.py",
    # real servers, real kills, real instruments: from one end of a layer to the other
    "flows/test_prefect_server.py",
    "tasks/test_crash_safety.py",
    "tasks/test_replay.py",
}


def mirrored(path: str) -> Path | None:
    """Return the module or package that a test file is named after: all of its name, or its head.

    `test_resume.py` and `test_resume_after_a_kill.py` both belong to `resume`.
    """
    folder = ROOT / Path(path).parent
    words = Path(path).stem.removeprefix("test_").split("_")
    heads = ["_".join(words[:count]) for count in range(len(words), 0, -1)]
    places = [p for head in heads for p in (folder / f"{head}.py", folder / head / "__init__.py")]
    places.append(folder / f"__{'_'.join(words)}__.py")
    return next((place for place in places if place.is_file()), None)


def imported_modules(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


@pytest.mark.parametrize("path", MIRRORS)
def test_each_test_file_is_named_after_what_it_tests(path: str) -> None:
    assert (mirrored(path) is None) == (path in ACROSS), (
        f"tests/{path}: expected tests/PATH/test_MODULE.py or test_MODULE_ASPECT.py"
    )


def test_the_exceptions_exist() -> None:
    assert set(MIRRORS) >= ACROSS


def test_every_module_is_reached_by_a_test() -> None:
    modules = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
    }
    named = set().union(*(imported_modules(path) for path in (ROOT / "tests").rglob("*.py")))
    assert modules - import_closure(named & modules, packages=PACKAGES) == set()
