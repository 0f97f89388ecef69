"""Fixtures that every test may use."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from voxgate.settings import load_settings

_IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}


@pytest.fixture(autouse=True)
def _without_placeholders() -> None:
    """Forget SpeechBrain's placeholders of optional packages.

    They stand in `sys.modules` and import their package at any look, and hypothesis looks at every
    module; after a test that loads SpeechBrain the next property would fail for the lack of k2.
    """
    if "speechbrain" in sys.modules:
        for name, module in list(sys.modules.items()):
            if type(module).__name__ in {"LazyModule", "DeprecatedModuleRedirect"}:
                del sys.modules[name]


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
