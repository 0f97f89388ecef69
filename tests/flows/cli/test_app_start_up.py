"""Commands that only look import nothing heavy that they do not need."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.dvc_checkout import copy_checkout

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


@pytest.mark.parametrize(
    "words", ["status", "status --json", "data version", "data diff", "campaign status"]
)
def test_a_command_that_looks_imports_nothing_heavy(checkout: Path, words: str) -> None:
    command = [sys.executable, "-c", PROGRAM, *words.split(), "--root", str(checkout)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert not HEAVY & set(json.loads(ended.stderr))
