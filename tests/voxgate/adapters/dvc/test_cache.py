"""DVC's cache is where DVC says, and DVC is only asked where that is not plain."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from dvc.repo import Repo

from tests.fakes.dvc_checkout import copy_checkout
from voxgate.adapters.dvc import cache
from voxgate.adapters.dvc.cache import cache_dir, cached_object

ELSEWHERE = "[cache]\n    dir = /elsewhere\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a checkout on a machine without settings of DVC."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "account"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "machine"))
    return copy_checkout(tmp_path / "checkout")


def _as_dvc_says(root: Path) -> Path:
    with Repo(str(root)) as repo:
        return Path(repo.cache.local.path)


def test_the_default_is_dvcs_and_dvc_is_not_asked(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = _as_dvc_says(root)
    monkeypatch.setattr(cache, "open_repository", None)
    assert cache_dir(root) == expected
    assert cached_object(root, "0123") == expected / "01" / "23"


@pytest.mark.parametrize(
    "place",
    ["checkout/.dvc/config", "checkout/.dvc/config.local", "account/dvc/config"],
)
@pytest.mark.parametrize("said", [ELSEWHERE, ELSEWHERE.replace("[cache]", "  [ Cache ]")])
def test_whoever_names_another_place_is_heard(
    root: Path, tmp_path: Path, place: str, said: str
) -> None:
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(before + said, encoding="utf-8")
    assert cache_dir(root) == _as_dvc_says(root)


@pytest.mark.parametrize("variable", ["DVC_GLOBAL_CONFIG_DIR", "DVC_SYSTEM_CONFIG_DIR"])
def test_dvcs_own_variables_are_heard(
    root: Path, tmp_path: Path, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "named").mkdir()
    (tmp_path / "named" / "config").write_text(ELSEWHERE, encoding="utf-8")
    monkeypatch.setenv(variable, str(tmp_path / "named"))
    assert cache_dir(root) == Path("/elsewhere/files/md5") == _as_dvc_says(root)


def test_dvc_is_not_imported_for_it(root: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from voxgate.adapters.dvc.cache import cache_dir; "
        "cache_dir(Path(sys.argv[1])); sys.exit('dvc' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program, str(root)], check=True)
