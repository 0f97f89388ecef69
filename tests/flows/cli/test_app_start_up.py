"""Commands that only look import nothing heavy that they do not need."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tasks.release.approve import approve
from tests.fakes.dvc_checkout import copy_checkout
from tests.fakes.release_site import ReleaseSite
from voxgate.adapters.mlflow.store import connect
from voxgate.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
HEAVY = {
    "av",
    "botocore",
    "dvc",
    "dvc_data",
    "great_expectations",
    "mlflow",
    "pandas",
    "prefect",
    "pyarrow",
    "soundfile",
    "torch",
    "transformers",
    "whisper",
}
PROGRAM = """
import json, sys
from flows.cli.app import app
try:
    app(sys.argv[1:])
except SystemExit as ended:
    assert not ended.code, ended.code
sys.stderr.write(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a checkout with registered data, of which nothing was validated or registered."""
    root = copy_checkout(tmp_path_factory.mktemp("start-up") / "checkout")
    shutil.copytree(ROOT / "benchmark", root / "benchmark")
    shutil.copy(ROOT / "params.yaml", root)
    return root


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a checkout in whose own registry one version is live and another waits."""
    root = tmp_path_factory.mktemp("released") / "checkout"
    site = ReleaseSite.create(root, connect(Settings(), root).tracking_uri)
    approve(site.desk, site.offer(1), by="anna", reason="a test")
    site.offer(2)
    return root


@pytest.mark.parametrize(
    "words", ["status", "status --json", "data version", "data diff", "campaign status"]
)
def test_a_command_that_looks_imports_nothing_heavy(checkout: Path, words: str) -> None:
    _, modules = _run(checkout, words)
    assert not HEAVY & modules


@pytest.mark.parametrize("words", ["status", "registry check"])
def test_nor_does_it_where_a_version_is_registered(released: Path, words: str) -> None:
    said, modules = _run(released, words)
    assert not HEAVY & modules
    expected = {"status": "live          version 1", "registry check": "says what the ledger says"}
    assert expected[words] in said


def _run(root: Path, words: str) -> tuple[str, set[str]]:
    """Run a command in a process of its own; returns what it said, and what it imported."""
    command = [sys.executable, "-c", PROGRAM, *words.split(), "--root", str(root)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return ended.stdout, set(json.loads(ended.stderr))
