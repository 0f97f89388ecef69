"""The walk over the stage graph that `voxgate run` and `voxgate evaluate` share."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from flows.stage_timeouts import time_limit
from flows.training_slot import hold_training_slot
from tasks.fault_report import read_fault
from voxgate.errors import StageError, VoxgateError
from voxgate.lease import data_lease
from voxgate.settings import load_settings
from voxgate.stage import STAGES, Outcome, Workspace, read_outcome
from voxgate.wiring.pipeline import reproduce

__all__ = ["TransientStageError", "reproduce_stage", "stage_error", "walk_stages"]


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


def reproduce_stage(root: Path, stage: str, lease: int) -> Outcome:
    """Reproduce one stage with what it must hold; a refusal is an outcome, a fault raises.

    Raises:
        StageError: it ended in a fault, or ran out of its time; `TransientStageError` where
            trying again can help.
        LockHeldError: its place to train, or data/, did not come free.
    """
    limit = time_limit(root, stage, factor=load_settings().stage_time_factor)
    with _guard(root, stage) as environment:
        try:
            status = reproduce(
                root,
                stage,
                timeout_s=limit.seconds,
                keep_open=(lease,),
                environment=environment,
            )
        except TimeoutError:
            # The same data takes as long the next time: trying again at once helps nobody.
            raise StageError(limit.explain(stage)) from None
    if status != 0:
        raise stage_error(root, stage, status)
    return read_outcome(Workspace(root).stage_dir(stage))


@contextmanager
def _guard(root: Path, stage: str) -> Iterator[Mapping[str, str]]:
    """Hold what a stage needs besides the checkout; yields what its environment must say.

    The only reader of data/ holds data/, and a training its device.
    """
    if stage == "train":
        with hold_training_slot(root) as place:
            yield place.environment
    elif stage == "ingest":
        with data_lease(Workspace(root), purpose="ingest"):
            yield {}
    else:
        yield {}


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
