"""What the server's process imports: it speaks through workers, and starts without a network."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("torch", "torchaudio", "whisper", "speechbrain", "mlflow", "prefect")


@pytest.mark.parametrize(
    "module",
    [
        "voxgate.serving.requests",
        "voxgate.serving.ports",
        "voxgate.serving.pool.pool",
        "voxgate.serving.desk.reading",
        "voxgate.serving.service",
        "voxgate.adapters.http.app",
        "voxgate.wiring.speech_server",
    ],
)
def test_who_asks_for_speech_loads_nothing_that_computes_it(module: str) -> None:
    ask = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert module in loaded
    assert loaded.isdisjoint(HEAVY)
