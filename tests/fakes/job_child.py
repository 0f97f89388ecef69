"""A process that runs jobs until it is killed: URL, folder."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from tests.fakes.speech_jobs import ToneService, make_tools
from voxgate.serving.jobs.loop import EmbeddedRunner

DEADLY = "This kills."


def die(text: str) -> None:
    if text == DEADLY:
        os.kill(os.getpid(), signal.SIGKILL)


def main(url: str, folder: str) -> None:
    tools = make_tools(url, Path(folder), ToneService(die, pause_s=0.02), lease_s=1.0)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    asyncio.run(EmbeddedRunner(tools, poll_s=0.05, sweep_s=0.5).run())


if __name__ == "__main__":
    main(*sys.argv[1:])
