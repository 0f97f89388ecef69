"""Run one stage: `python -m tasks STAGE`. This is what dvc.yaml calls.

A stage that refuses exits 0 (its evidence is an output like any other; the next stage stops).
Known faults print one line and exit 1; anything else is a bug and keeps its traceback.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import sys
from contextlib import suppress
from pathlib import Path

from tasks.fault_report import clear_fault, record_fault
from voxgate.errors import StorageError, VoxgateError
from voxgate.location import require_usable
from voxgate.params import load_params
from voxgate.stage import STAGES, Outcome, Workspace
from voxgate.thread_patience import set_thread_patience


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line, run the stage, return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tasks", description=__doc__)
    parser.add_argument("stage", choices=STAGES)
    parser.add_argument("--root", type=Path, default=Path())
    chosen = parser.parse_args(arguments)
    # The handler's level too: some libraries lower the level of their own loggers.
    handler = logging.StreamHandler()
    handler.setLevel(logging.WARNING)
    logging.basicConfig(handlers=[handler], format="%(levelname)s %(name)s: %(message)s")
    set_thread_patience()
    clear_fault(chosen.root, chosen.stage)
    try:
        outcome = run_stage(chosen.stage, chosen.root)
    except VoxgateError as error:
        with suppress(StorageError):  # a disk that refused the stage may refuse its report too
            record_fault(chosen.root, chosen.stage, error)
        sys.stderr.write(f"{chosen.stage}: {type(error).__name__}: {error}\n")
        return 1
    for reason in outcome.reasons:
        sys.stderr.write(f"{chosen.stage}: {reason.code}: {reason.message}\n")
    return 0


def run_stage(stage: str, root: Path) -> Outcome:
    """Run the function of the same name in `tasks.stages.<stage>`."""
    run = getattr(importlib.import_module(f"tasks.stages.{stage}"), stage)
    require_usable(root)
    workspace = Workspace(root)
    outcome = run(workspace, load_params(workspace.params_file))
    assert isinstance(outcome, Outcome)
    return outcome


if __name__ == "__main__":
    sys.exit(main())
