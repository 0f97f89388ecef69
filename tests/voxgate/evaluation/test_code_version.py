from __future__ import annotations

import sys
from pathlib import Path

import pytest

from voxgate.evaluation.code_version import INSTRUMENT_CODE, VOICE_CODE, code_digest


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "speaking_machine"
    (folder / "data").mkdir(parents=True)
    for name in ("__init__.py", "engine.py", "data/lexicon.txt"):
        (folder / name).write_text("1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder
    sys.modules.pop("speaking_machine", None)


@pytest.mark.parametrize("name", ["__init__.py", "engine.py", "data/lexicon.txt"])
def test_a_changed_file_of_a_package_changes_the_digest(package: Path, name: str) -> None:
    before = code_digest(["speaking_machine"], threads=2)
    assert code_digest(["speaking_machine"], threads=2) == before
    (package / name).write_text("2\n")
    assert code_digest(["speaking_machine"], threads=2) != before


def test_a_module_is_one_file(package: Path) -> None:
    before = code_digest(["speaking_machine.engine"], threads=2)
    (package / "data" / "lexicon.txt").write_text("2\n")
    assert code_digest(["speaking_machine.engine"], threads=2) == before


def test_threads_are_part_of_it(package: Path) -> None:
    assert code_digest(["speaking_machine"], threads=1) != code_digest(
        ["speaking_machine"], threads=2
    )


def test_the_named_modules_exist() -> None:
    assert code_digest(VOICE_CODE, threads=2) != code_digest(INSTRUMENT_CODE, threads=2)
