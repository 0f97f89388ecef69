"""One training loop for both models: setup, fit, validate."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tqdm import tqdm

from voxgate.errors import TrainingError
from voxgate.features.clips import FeatureSet, TrainingClip
from voxgate.params.train import LoopParams
from voxgate.training.fit.batches import Order, measured_batches, training_order
from voxgate.training.fit.determinism import deterministic, seeded, step_seed
from voxgate.training.fit.history import HistoryRow, mean_losses
from voxgate.training.fit.learner import Learner, Losses
from voxgate.training.fit.ranks import ALONE, Ranks
from voxgate.training.fit.resume import ResumePoint, ResumeStore
from voxgate.training.fit.schedule import scheduled_rate

__all__ = ["FitPlan", "FitReport", "fit", "validate"]


@dataclass(frozen=True, kw_only=True)
class FitPlan:
    """How long, how fast, and when to write."""

    loop: LoopParams
    seed: int
    threads: int
    resume_every: int
    snapshot_steps: frozenset[int]
    """Steps after which the weights are kept for a checkpoint."""

    ranks: Ranks = ALONE
    strict: bool = True
    """Whether an operation that is not deterministic is an error; only a CPU has none."""


@dataclass(frozen=True)
class FitReport:
    """The learning curves of the whole budget, and how many steps this call took of it."""

    rows: list[HistoryRow]
    steps_taken: int


@dataclass
class _Progress:
    """What a resume point keeps besides the learner's state."""

    step: int
    rows: list[HistoryRow]
    window: list[Losses]
    """Training losses since the last history row."""


def _never() -> bool:
    return False


def fit(
    learner: Learner,
    features: FeatureSet,
    *,
    plan: FitPlan,
    store: ResumeStore,
    order: Order | None = None,
    expired: Callable[[], bool] = _never,
) -> FitReport:
    """Train to the end of the budget, from the newest resume point if there is one.

    Killed at any moment and called again with the same arguments, it ends with the same weights,
    bit for bit on a CPU, as when it was never killed. The weights of `plan.snapshot_steps` lie in
    `store` afterwards.

    Args:
        learner: what is trained.
        features: the clips of both splits.
        plan: how long, how fast, and when to write.
        store: where resume points and snapshots lie.
        order: which clips a step sees; left out, the shuffled epochs that `plan.loop` asks for.
        expired: asked after each step; once true, the call ends there with a row and a resume
            point, and the next one goes on. All ranks must be told the same.

    Raises:
        TrainingError: a loss is not a number; the message names the step and the clips.
    """
    if order is None:
        lengths = [learner.length(clip) for clip in features.train]
        tokens = [len(clip.tokens) for clip in features.train]
        order = training_order(plan.loop, lengths, tokens, seed=plan.seed)
    with deterministic(threads=plan.threads, strict=plan.strict):
        progress = _resume(learner, store, plan.ranks)
        first_step = progress.step
        bar = tqdm(
            total=plan.loop.steps, initial=progress.step, desc=f"train {learner.name}", unit="step",
            file=sys.stderr, mininterval=1.0, disable=not plan.ranks.first,
        )  # fmt: skip
        with bar:
            last = progress.step >= plan.loop.steps
            while not last:
                clips = [features.train[index] for index in order.at(progress.step)]
                rate = scheduled_rate(
                    plan.loop, progress.step, batches_per_epoch=order.batches_per_epoch
                )
                losses = _take_step(learner, clips, plan=plan, step=progress.step, rate=rate)
                progress.step += 1
                progress.window.append(losses)
                last = progress.step == plan.loop.steps or expired()
                if last or progress.step % plan.loop.validate_every == 0:
                    _record(learner, features.validation, plan=plan, progress=progress)
                if plan.ranks.first:
                    _keep(learner, plan=plan, store=store, progress=progress, last=last)
                bar.set_postfix(loss=f"{losses['loss']:.3f}", refresh=False)
                bar.update()
    return FitReport(rows=progress.rows, steps_taken=progress.step - first_step)


def validate(learner: Learner, clips: Sequence[TrainingClip], *, plan: FitPlan) -> Losses:
    """Return the mean losses over `clips`, the same noise and the same batches every time.

    Raises:
        TrainingError: a loss is not a number.
    """
    ordered = sorted(clips, key=lambda clip: (learner.length(clip), clip.clip_id))
    tokens = [len(clip.tokens) for clip in ordered]
    batches = [ordered[cut] for cut in measured_batches(plan.loop, tokens)]
    with seeded(step_seed(plan.seed, f"{learner.name}/validation", 0)) as generator:
        measured = [learner.measure(batch, generator=generator) for batch in batches]
    for losses, batch in zip(measured, batches, strict=True):
        _require_finite(losses, batch, where=f"{learner.name}, validation")
    return mean_losses(measured, [float(len(batch)) for batch in batches])


def _resume(learner: Learner, store: ResumeStore, ranks: Ranks) -> _Progress:
    if not ranks.first:
        ranks.wait()  # until the first has removed what is damaged
    point = store.latest()
    if ranks.first:
        ranks.wait()
    if point is None:
        return _Progress(step=0, rows=[], window=[])
    learner.restore(point.state)
    rows = [HistoryRow.from_json(raw) for raw in point.journal["rows"]]
    return _Progress(step=point.step, rows=rows, window=list(point.journal["window"]))


def _take_step(
    learner: Learner, clips: Sequence[TrainingClip], *, plan: FitPlan, step: int, rate: float
) -> Losses:
    with seeded(step_seed(plan.seed, learner.name, step)) as generator:
        losses = learner.update(clips, learning_rate=rate, generator=generator)
    _require_finite(losses, clips, where=f"{learner.name}, step {step}")
    return losses


def _require_finite(losses: Losses, clips: Sequence[TrainingClip], *, where: str) -> None:
    faults = [name for name, value in losses.items() if not math.isfinite(value)]
    if faults:
        raise TrainingError(
            f"{where}: {', '.join(faults)} is not a finite number, on clips "
            f"{', '.join(clip.clip_id for clip in clips)}. Look at these clips in "
            "build/validate/clips.parquet, or lower the learning rate in params.yaml."
        )


def _record(
    learner: Learner, validation: Sequence[TrainingClip], *, plan: FitPlan, progress: _Progress
) -> None:
    for split, losses in (
        ("train", mean_losses(progress.window)),
        ("validation", validate(learner, validation, plan=plan)),
    ):
        progress.rows.append(
            HistoryRow(model=learner.name, step=progress.step, split=split, losses=losses)
        )
    progress.window.clear()


def _keep(
    learner: Learner, *, plan: FitPlan, store: ResumeStore, progress: _Progress, last: bool
) -> None:
    # The snapshot comes first: a point vouches for every snapshot up to its step.
    if progress.step in plan.snapshot_steps:
        store.save_snapshot(progress.step, learner.weights())
    if last or progress.step % plan.resume_every == 0:
        journal = {"rows": [row.as_json() for row in progress.rows], "window": progress.window}
        store.save_point(ResumePoint(step=progress.step, state=learner.state(), journal=journal))
