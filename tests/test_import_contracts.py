"""The contracts of pyproject.toml are broken by what they forbid, in packages of tomorrow too."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("flows", "tasks", "voxgate", "models")

# file, what it says, contract, what the report says of it
PLANTS = (
    ("models/upwards.py", "import voxgate.files", "flows -> tasks", "models.upwards"),
    ("voxgate/text/upwards.py", "import voxgate.corpus", "inside voxgate", "voxgate.text.upwards"),
    ("voxgate/newcomer/__init__.py", "", "inside voxgate", "newcomer"),
    (
        "tasks/measuring/sideways.py",
        "import tasks.release.judge",
        "no cycle among",
        "No cycles are allowed in tasks.",
    ),
    (
        "flows/picking.py",
        "import voxgate.adapters.sql.ledger",
        "adapters are picked in wiring",
        "flows.picking -> voxgate.adapters.sql.ledger",
    ),
    (
        "voxgate/newcomer/picking.py",
        "def pick():\n    import voxgate.adapters.mlflow.store",
        "adapters are picked in wiring",
        "voxgate.newcomer.picking -> voxgate.adapters.mlflow.store",
    ),
    ("tasks/timed.py", "from prefect import task", "Prefect only", "tasks.timed -> prefect"),
    *(
        (
            f"voxgate/newcomer/with_{library}.py",
            f"import {library}.something",
            "MLflow, S3, SQL",
            f"voxgate.newcomer.with_{library} -> {library}",
        )
        for library in (
            "mlflow", "boto3", "botocore", "sqlalchemy", "psycopg", "dvc", "fastapi", "starlette",
            "uvicorn", "prometheus_client", "celery", "kombu", "whisper", "speechbrain",
            "great_expectations",
        )
    ),
    ("voxgate/gate/networks.py", "import torch", "torch only", "voxgate.gate.networks -> torch"),
    ("tasks/networks.py", "from torch import nn", "torch only", "tasks.networks -> torch"),
)  # fmt: skip


def _copy(folder: Path) -> Path:
    for package in PACKAGES:
        sources = shutil.ignore_patterns("__pycache__", "data", "page")
        shutil.copytree(ROOT / package, folder / package, ignore=sources)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def _lint(folder: Path) -> tuple[int, dict[str, str]]:
    """Run lint-imports in a folder; returns its status, and by contract what it says of it."""
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo"],
        cwd=folder, capture_output=True, text=True, env={"COLUMNS": "400"}, check=False,
    )  # fmt: skip
    return done.returncode, _sections(done.stdout)


def _sections(output: str) -> dict[str, str]:
    _, _, broken = output.partition("Broken contracts")
    parts = re.split(r"^(\S.*)\n-{3,}\n", broken, flags=re.MULTILINE)  # what, name, what, name, ...
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = _copy(tmp_path_factory.mktemp("planted"))
    for path, text, *_ in PLANTS:
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(f"{text}\n")
    status, sections = _lint(folder)
    assert status == 1
    return sections


def test_the_product_keeps_every_contract(tmp_path: Path) -> None:
    assert _lint(_copy(tmp_path)) == (0, {})


@pytest.mark.parametrize(
    ("contract", "message"), [plant[2:] for plant in PLANTS], ids=[plant[0] for plant in PLANTS]
)
def test_what_a_contract_forbids_breaks_it(
    planted: dict[str, str], contract: str, message: str
) -> None:
    [section] = [text for name, text in planted.items() if name.startswith(contract)]
    assert message in section
