"""Fixtures that every test may use."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

# One thread a test process, before anything imports torch: `make test` runs as many processes as
# there are cores, and threads that wait for each other's turn cost small networks five times.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Batches do not stand back: beside other tests they would get next to nothing, and time out.
os.environ["VOXGATE_BATCH_NICENESS"] = "0"
# Workers of their own are what the tests of the executors start; elsewhere they would cost each
# test seconds, and change no byte.
os.environ["VOXGATE_EXECUTOR"] = "serial"

import pytest

from voxgate.settings import load_settings

if TYPE_CHECKING:
    from tests.fakes.release_site import ReleaseSite

_IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}

_LOOKED_THROUGH = [0]
"""How many modules there were when placeholders were last looked for; it takes a millisecond."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage among the tests, neither while they are collected nor later.

    They and the modules that they import are millions of objects, which stay to the end: looking
    through all of them takes seconds, each time.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(autouse=True)
def _without_placeholders() -> None:
    """Forget SpeechBrain's placeholders of optional packages.

    They stand in `sys.modules` and import their package at any look, and hypothesis looks at every
    module; after a test that loads SpeechBrain the next property would fail for the lack of k2.
    """
    if "speechbrain" in sys.modules and len(sys.modules) != _LOOKED_THROUGH[0]:
        for name, module in list(sys.modules.items()):
            if type(module).__name__ in {"LazyModule", "DeprecatedModuleRedirect"}:
                del sys.modules[name]
        _LOOKED_THROUGH[0] = len(sys.modules)


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    """Take back the threads that an evaluator of an earlier test asked for."""
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)


@pytest.fixture(scope="session")
def asset() -> Callable[[str], Path]:
    """Return the folder of a fetched asset; without it fail in CI, skip elsewhere.

    A test that uses it carries `@pytest.mark.assets`.
    """
    folder = load_settings().assets_dir

    def find(name: str) -> Path:
        path = folder / name
        if (path / "asset.json").is_file():
            return path
        reason = f"{path} is missing: run `make setup` (or `voxgate weights fetch {name}`)"
        if _IN_CI:
            pytest.fail(reason)
        pytest.skip(reason)

    return find


@pytest.fixture(scope="session")
def assets_dir(asset: Callable[[str], Path]) -> Path:
    """Return the folder with every asset that installs from the package index."""
    for name in ("whisper-tiny.en", "whisper-base", "ge2e"):
        asset(name)
    return asset("ge2e").parent


@pytest.fixture(scope="session")
def mlflow_uri() -> Iterator[str]:
    """Return the URI of a real MLflow store; creating one takes seconds, so tests share it."""
    from tests.fakes.memory import memory_folder
    from voxgate.adapters.mlflow.store import connect
    from voxgate.settings import Settings

    with memory_folder() as folder:
        yield connect(Settings(), folder).tracking_uri


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Return the URL of a real PostgreSQL server; for tests that are marked slow."""
    from tests.fakes.postgres import postgres_server

    with postgres_server() as url:
        yield url


@pytest.fixture
def release_site(mlflow_uri: str) -> Iterator[ReleaseSite]:
    """Return a checkout with an empty ledger and a model of its own in the shared registry."""
    from tests.fakes.memory import memory_folder
    from tests.fakes.release_site import ReleaseSite

    with memory_folder() as folder:
        yield ReleaseSite.create(folder / "checkout", mlflow_uri)
