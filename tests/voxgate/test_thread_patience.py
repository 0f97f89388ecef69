from __future__ import annotations

import os

import pytest

from voxgate.thread_patience import THREAD_PATIENCE, set_thread_patience


def test_what_the_environment_says_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    monkeypatch.delenv("GOMP_SPINCOUNT", raising=False)
    set_thread_patience()
    assert os.environ["OMP_WAIT_POLICY"] == "ACTIVE"
    assert os.environ["GOMP_SPINCOUNT"] == THREAD_PATIENCE["GOMP_SPINCOUNT"]
    monkeypatch.delenv("GOMP_SPINCOUNT")
