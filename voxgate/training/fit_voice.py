"""Train both models of a voice, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from voxgate.params.train import LoopParams, TrainParams
from voxgate.training.checkpoints import checkpoint_steps
from voxgate.training.clips import FeatureSet
from voxgate.training.history import HistoryRow
from voxgate.training.learner import Learner, NetworkLearner, Objective
from voxgate.training.loop import FitPlan, fit
from voxgate.training.resume import ResumeStore
from voxgate.training.synthesizer import SynthesizerObjective
from voxgate.training.text_to_semantic import TextToSemanticObjective

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
    synthesizer: SynthesizerObjective,
    text_to_semantic: TextToSemanticObjective,
    *,
    features: FeatureSet,
    params: TrainParams,
    stores: Mapping[str, ResumeStore],
    clock: Callable[[], float],
) -> FittedVoice:
    """Train S2 to its end, then S1; their checkpoints' weights lie in `stores` afterwards.

    Raises:
        TrainingError: a loss is not a finite number.
    """
    fitted = FittedVoice()
    for learner, loop in (
        (_learner(synthesizer, params.synthesizer), params.synthesizer),
        (_learner(text_to_semantic, params.text_to_semantic), params.text_to_semantic),
    ):
        started = clock()
        plan = _plan(loop, params)
        report = fit(learner, features, plan=plan, store=stores[learner.name])
        fitted.history.extend(report.rows)
        fitted.steps_taken[learner.name] = report.steps_taken
        fitted.seconds[learner.name] = clock() - started
    return fitted


def _learner(objective: Objective[Any], loop: LoopParams) -> Learner:
    return NetworkLearner(
        objective, weight_decay=loop.weight_decay, max_gradient_norm=loop.max_gradient_norm
    )


def _plan(loop: LoopParams, params: TrainParams) -> FitPlan:
    return FitPlan(
        loop=loop,
        seed=params.seed,
        threads=params.threads,
        resume_every=params.resume_every,
        snapshot_steps=frozenset(checkpoint_steps(loop.steps, params.checkpoints)),
    )
