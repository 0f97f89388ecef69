"""The walk over the stage graph that `voxgate run` and `voxgate evaluate` share."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from tasks.fault_report import read_fault
from voxgate.errors import StageError, VoxgateError
from voxgate.stage import STAGES, Outcome, Workspace, read_outcome

__all__ = ["TransientStageError", "stage_error", "walk_stages"]


class TransientStageError(StageError):
    """A stage ended in a fault that may be gone on the next try."""


def walk_stages(
    root: Path, stale: Collection[str], run: Callable[[str], Outcome]
) -> tuple[tuple[str, ...], Outcome | None]:
    """Run from the first stale stage on; returns what ran and the outcome that refused, if any.

    DVC itself skips a later stage whose inputs turn out to be unchanged.
    """
    ran: list[str] = []
    for stage in STAGES:
        if ran or stage in stale:
            outcome = run(stage)
            ran.append(stage)
        else:
            outcome = read_outcome(Workspace(root).stage_dir(stage))
        if not outcome.accepted:
            return tuple(ran), outcome
    return tuple(ran), None


def stage_error(root: Path, stage: str, status: int) -> VoxgateError:
    """Return what a stage that ended with `status` left as its report."""
    fault = read_fault(root, stage)
    if fault is None:
        return StageError(
            f"stage {stage!r} ended with status {status} and left no report; its output above "
            f"says why. `dvc repro --single-item {stage}` runs it alone."
        )
    kind = TransientStageError if fault.transient else StageError
    return kind(f"stage {stage!r}: {fault.error_type}: {fault.message}")
