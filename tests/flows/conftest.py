"""A small real DVC project whose stages are scripts: the flow runs against DVC itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.dvc_project import ROOT, Project, make_project


@pytest.fixture(scope="session")
def project_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the project that others are copies of: DVC takes seconds to make one."""
    root = tmp_path_factory.mktemp("project") / "checkout"
    with pytest.MonkeyPatch.context() as patch:
        _set_environment(patch)
        return make_project(root).root


@pytest.fixture(scope="session")
def reproduced_tree(project_tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of it whose stages have all run once."""
    made = Project(tmp_path_factory.mktemp("reproduced") / "checkout")
    shutil.copytree(project_tree, made.root)
    with pytest.MonkeyPatch.context() as patch:
        _set_environment(patch)
        made.dvc("repro", "-q")
    return made.root


@pytest.fixture
def project(tmp_path: Path, project_tree: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return a registered project in which every stage accepts."""
    _set_environment(monkeypatch)
    shutil.copytree(project_tree, tmp_path / "checkout")
    return Project(tmp_path / "checkout")


@pytest.fixture
def reproduced(tmp_path: Path, reproduced_tree: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return such a project whose stages have all run once: what follows them is the subject."""
    _set_environment(monkeypatch)
    shutil.copytree(reproduced_tree, tmp_path / "checkout")
    return Project(tmp_path / "checkout")


@pytest.fixture
def impatient_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Prefect's client ask a server that is away again at once, and as often as ever."""
    import httpcore

    monkeypatch.setattr(httpcore.NetworkBackend, "sleep", lambda _backend, _seconds: None)


def _set_environment(patch: pytest.MonkeyPatch) -> None:
    patch.setenv("PYTHONPATH", str(ROOT))
    patch.setenv("DVC_NO_ANALYTICS", "1")


@pytest.fixture(scope="session")
def prefect_api() -> Iterator[None]:
    """Serve flows from a temporary database of Prefect's own."""
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=120):
        yield
