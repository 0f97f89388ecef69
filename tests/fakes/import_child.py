"""Imports of tone recordings in processes that kill themselves at the n-th write.

Run as a program it imports everything once and then forks a process a job, which costs
milliseconds where a fresh one costs seconds.

    python -m tests.fakes.import_child   # then lines of JSON: {"root", "podcast", "kill_at"}

Answers each line by the exit status of the import: 0, or -9 where it was killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from tasks.corpus import import_recordings as module
from tests.fakes.recordings import CONSENT
from tests.fakes.spools import spool_here
from tests.fakes.tone_talk import tone_cutter
from voxgate.params import load_params
from voxgate.stage import Workspace

PARAMS_FILE = Path(__file__).parents[2] / "params.yaml"
_WRITES = ("open", "os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir")
NEVER = -1


def kill_after(count: int) -> None:
    """End this process as SIGKILL does, before its `count`-th change of the file system."""
    left = [count]

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        writes = event in _WRITES and not (
            event == "open" and not arguments[2] & (os.O_WRONLY | os.O_RDWR)
        )
        if not writes:
            return
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def run_import(root: Path, podcast: Path) -> None:
    """Import a folder for `anna`."""
    module.spool_recording = spool_here
    workspace = Workspace(root)
    params = load_params(PARAMS_FILE)
    request = module.ImportRequest(
        named=(podcast,), speaker_id="anna", language="en", consent=CONSENT
    )
    module.import_recordings(
        request,
        workspace,
        lambda: tone_cutter(workspace.cache_dir, params),
        min_sample_rate_hz=16_000,
    )


def main() -> None:
    """Serve jobs until the input ends."""
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if child == 0:
            if job["kill_at"] != NEVER:
                kill_after(job["kill_at"])
            run_import(Path(job["root"]), Path(job["podcast"]))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
