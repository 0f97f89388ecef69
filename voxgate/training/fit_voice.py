"""Train both models of a voice, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import torch

from voxgate.features.clips import FeatureSet
from voxgate.params.train import LoopParams, TrainParams
from voxgate.training.checkpoints import checkpoint_steps
from voxgate.training.fit.history import HistoryRow
from voxgate.training.fit.learner import Learner
from voxgate.training.fit.loop import FitPlan, fit
from voxgate.training.fit.ranks import Ranks
from voxgate.training.fit.resume import ResumeStore

__all__ = ["FittedVoice", "fit_voice"]


@dataclass(frozen=True)
class FittedVoice:
    """Learning curves of both models, and what this process spent on each.

    After a resume it spent less than the budget: `steps_taken` belongs to `seconds`.
    """

    history: list[HistoryRow] = field(default_factory=list)
    steps_taken: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


def fit_voice(
    learners: Sequence[tuple[Learner, LoopParams]],
    *,
    features: FeatureSet,
    params: TrainParams,
    stores: Mapping[str, ResumeStore],
    device: torch.device,
    ranks: Ranks,
    clock: Callable[[], float],
) -> FittedVoice:
    """Train each learner to its end; their checkpoints' weights lie in `stores` afterwards.

    Raises:
        TrainingError: a loss is not a finite number, or a clip cannot be read or does not fit into
            memory.
    """
    fitted = FittedVoice()
    for learner, loop in learners:
        started = clock()
        plan = _plan(loop, params, device=device, ranks=ranks)
        report = fit(learner, features, plan=plan, store=stores[learner.name])
        fitted.history.extend(report.rows)
        fitted.steps_taken[learner.name] = report.steps_taken
        fitted.seconds[learner.name] = clock() - started
    return fitted


def _plan(loop: LoopParams, params: TrainParams, *, device: torch.device, ranks: Ranks) -> FitPlan:
    return FitPlan(
        loop=loop,
        seed=params.seed,
        threads=params.threads,
        resume_every=params.resume_every,
        snapshot_steps=frozenset(checkpoint_steps(loop.steps, params.checkpoints)),
        ranks=ranks,
        strict=device.type == "cpu",
    )
