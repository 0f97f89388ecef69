"""A small real DVC project whose stages are scripts: the flow runs against DVC itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.dvc_project import ROOT, Project, make_project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return a registered project in which every stage accepts."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("DVC_NO_ANALYTICS", "1")
    return make_project(tmp_path / "checkout")


@pytest.fixture(scope="session")
def prefect_api() -> Iterator[None]:
    """Serve flows from a temporary database of Prefect's own."""
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=120):
        yield
