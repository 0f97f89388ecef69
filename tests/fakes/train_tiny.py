"""`python -m tasks train --root ROOT` where the tiny presets are known, also for its own ranks.

Nothing is dropped by chance, so that several processes compute what one would. Only the first may
write.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.fakes.tiny_preset import install_tiny_preset, without_dropout


def _refuse(*_: object, **__: object) -> None:
    raise AssertionError("a process that is not the first one writes")


if __name__ == "__main__":
    from tasks.__main__ import main

    patch = pytest.MonkeyPatch()
    install_tiny_preset(patch)
    without_dropout(patch)
    patch.setattr("tasks.stages.train.RANK_PROGRAM", (__file__,))
    if os.environ.get("RANK", "0") != "0":
        for name in (
            "voxgate.training.fit.resume.ResumeStore.save_point",
            "voxgate.training.fit.resume.ResumeStore.save_snapshot",
            "tasks.stages.train.publish_directory",
            "tasks.stages.train.discard_work",
        ):
            patch.setattr(name, _refuse)
    sys.exit(main(["train", *sys.argv[1:]]))
