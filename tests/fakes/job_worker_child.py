"""A worker as its environment sets it, with a voice of tones: folder of the checkout."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.fakes.speech_jobs import ToneService
from voxgate.serving.jobs.ports import SayRequest
from voxgate.settings import load_settings
from voxgate.stage import Workspace
from voxgate.wiring.speech_jobs import run_job_worker


@asynccontextmanager
async def speaking(folder: Path) -> AsyncIterator[SayRequest]:
    try:
        yield ToneService(pause_s=0.05).say
    finally:
        (folder / "closed").touch()


if __name__ == "__main__":
    root = Path(sys.argv[1])
    run_job_worker(load_settings(), Workspace(root), speaking(root))
