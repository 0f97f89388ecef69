"""Train both models of a voice and write its checkpoints."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.gpt_sovits.presets import Preset
from voxgate.code_digest import code_digest
from voxgate.corpus.data_size import DataSize, find_lacks, find_size
from voxgate.errors import TrainingError
from voxgate.features.clips import FeatureSet, read_feature_set
from voxgate.features.featurised_clips import read_cut_clips
from voxgate.files import publish_directory, write_json, write_text
from voxgate.params import Params, SizesParams, TrainParams
from voxgate.params.train import LoopParams
from voxgate.settings import load_settings
from voxgate.stage import Outcome, Reason, Workspace, read_outcome, require_accepted
from voxgate.training.budget import within_budget
from voxgate.training.checkpoints import checkpoint_steps, write_checkpoints
from voxgate.training.fit.determinism import library_version
from voxgate.training.fit.history import HistoryRow, history_csv
from voxgate.training.fit.learner import Learner
from voxgate.training.fit.rank_processes import run_ranks
from voxgate.training.fit.rank_ties import started_as_rank, tied_to_stage
from voxgate.training.fit.ranks import Device, Ranks, join_ranks, training_device
from voxgate.training.fit.resume import ResumeStore
from voxgate.training.fit.work_folder import discard_work, folder_contents, work_folder
from voxgate.training.fit_voice import FittedVoice, fit_voice
from voxgate.training.learners import synthesizer_learner, text_to_semantic_learner
from voxgate.training.networks import Networks, count_parameters, start_networks
from voxgate.training.new_voice import new_card, new_reference, reference_clip_id
from voxgate.training.preset_choice import choose_preset
from voxgate.voice.card import TrainedSteps

__all__ = ["train"]

_MODELS = ("s1", "s2")

RANK_PROGRAM = ("--module", "tasks", "train")
"""What each process of a training in several runs, with the root of the checkout."""


def train(
    workspace: Workspace, params: Params, *, clock: Callable[[], float] = time.perf_counter
) -> Outcome:
    """Train S1, then S2; killed at any moment and called again it writes the same bytes.

    In several processes (`train.processes`) each computes its part of every batch, and the first
    one writes. Unless torchrun has started this one, it has them started on this machine.

    Raises:
        TrainingError: a loss is not a number, a clip cannot be read, the parts do not fit each
            other, or another process of this training ended (RankLostError).
        WeightsError: the tokenizer or the base checkpoint is absent or not the pinned one.
    """
    require_accepted(workspace, ("featurize",))  # which did not run unless those before accepted
    if params.train.processes > 1 and not started_as_rank():
        program = (*RANK_PROGRAM, "--root", str(workspace.root))
        run_ranks(program, processes=params.train.processes)
    else:
        with tied_to_stage():
            _train(workspace, params, clock=clock)
    return read_outcome(workspace.stage_dir("train"))


def _train(workspace: Workspace, params: Params, *, clock: Callable[[], float]) -> None:
    folder = workspace.stage_dir("featurize")
    features = read_feature_set(folder)
    durations_s = [clip.duration_s for clip in read_cut_clips(folder)]
    size = find_size(durations_s, params.sizes)
    device = training_device(load_settings().device)
    with join_ranks(device.type, processes=params.train.processes) as ranks:
        if size is None or not features.validation:
            if ranks.first:
                _publish_refusal(workspace, _too_little(features, durations_s, params.sizes))
        else:
            budget = within_budget(params.train, size.rules.budget)
            params = params.model_copy(update={"train": budget})
            run = _prepare(workspace, params, device=device, ranks=ranks)
            fitted = _fit(run, params, features, device=device, ranks=ranks, clock=clock)
            if ranks.first:
                _publish(workspace, params.train, features, run, fitted, size)
                discard_work(workspace.work_dir)
        ranks.wait()


@dataclass(frozen=True, kw_only=True)
class _Run:
    """What is decided before the first step."""

    preset: Preset
    networks: Networks
    learners: list[tuple[Learner, LoopParams]]
    stores: dict[str, ResumeStore]
    steps: list[TrainedSteps]


def _prepare(workspace: Workspace, params: Params, *, device: Device, ranks: Ranks) -> _Run:
    preset = choose_preset(params.train.preset)
    steps = _paired_steps(params.train)
    networks = start_networks(preset, params, workspace.base_dir)
    s2, s1 = params.train.synthesizer, params.train.text_to_semantic
    work = work_folder(workspace.work_dir, _inputs(workspace, params, device, ranks))
    return _Run(
        preset=preset,
        networks=networks,
        learners=[
            # S1 first: the trained S1 tells S2 which phone each frame belongs to.
            (text_to_semantic_learner(networks, s1, device=device, ranks=ranks), s1),
            (synthesizer_learner(preset, networks, s2, device=device, ranks=ranks), s2),
        ],
        stores={model: ResumeStore(work / model) for model in _MODELS},
        steps=steps,
    )


def _fit(
    run: _Run,
    params: Params,
    features: FeatureSet,
    *,
    device: Device,
    ranks: Ranks,
    clock: Callable[[], float],
) -> FittedVoice:
    fitted = fit_voice(
        run.learners,
        features=features,
        params=params.train,
        stores=run.stores,
        device=device,
        ranks=ranks,
        clock=clock,
    )
    ranks.wait()  # until nobody reads resume points any more
    return fitted


def _publish(
    workspace: Workspace,
    params: TrainParams,
    features: FeatureSet,
    run: _Run,
    fitted: FittedVoice,
    size: DataSize,
) -> None:
    features_dir = workspace.stage_dir("featurize")
    clip = features.clip(reference_clip_id(features_dir))
    with publish_directory(workspace.stage_dir("train")) as folder:
        write_checkpoints(
            folder / "checkpoints",
            card=new_card(features_dir, preset=run.preset, params=params, reference=clip),
            steps=run.steps,
            stores=run.stores,
            reference=new_reference(features_dir, clip, run.preset),
        )
        _report(folder, params, fitted, run.networks, size).write(folder)


def _publish_refusal(workspace: Workspace, refusal: Outcome) -> None:
    with publish_directory(workspace.stage_dir("train")) as folder:
        _write_empty(folder)
        refusal.write(folder)


def _inputs(
    workspace: Workspace, params: Params, device: Device, ranks: Ranks
) -> dict[str, object]:
    """Return everything that decides a bit of the weights."""
    return {
        "features": folder_contents(workspace.stage_dir("featurize")),
        "train": params.train.model_dump(mode="json"),
        "tokenizer": params.featurize.tokenizer_sha256,
        "code": code_digest([__name__]),
        "torch": library_version(),
        "device": device.type,
        "ranks": ranks.size,
    }


def _too_little(features: FeatureSet, durations_s: Sequence[float], sizes: SizesParams) -> Outcome:
    reasons = find_lacks(durations_s, sizes) or [
        Reason("too_few_clips", "no clip measures the loss; run featurize again")
    ]
    facts = {"train_clips": len(features.train), "validation_clips": len(features.validation)}
    return Outcome(stage="train", accepted=False, reasons=tuple(reasons), facts=facts)


def _write_empty(folder: Path) -> None:
    """Write what dvc.yaml declares as outputs: without them DVC would keep no refusal."""
    (folder / "checkpoints").mkdir()
    write_text(folder / "history.csv", history_csv([]))
    write_json(folder / "train.json", {})


def _paired_steps(params: TrainParams) -> list[TrainedSteps]:
    s1 = checkpoint_steps(params.text_to_semantic.steps, params.checkpoints)
    s2 = checkpoint_steps(params.synthesizer.steps, params.checkpoints)
    if len(s1) != len(s2):
        raise TrainingError(
            f"train.checkpoints is {params.checkpoints}, but budgets of {params.synthesizer.steps} "
            f"and {params.text_to_semantic.steps} steps cannot be divided so often; lower it in "
            "params.yaml"
        )
    return [TrainedSteps(s1=a, s2=b) for a, b in zip(s1, s2, strict=True)]


def _report(
    folder: Path, params: TrainParams, fitted: FittedVoice, networks: Networks, size: DataSize
) -> Outcome:
    write_text(folder / "history.csv", history_csv(fitted.history))
    budgets = {"s1": params.text_to_semantic.steps, "s2": params.synthesizer.steps}
    sizes = {"s1": networks.text_to_semantic, "s2": networks.synthesizer}
    metrics = {
        model: {
            "steps": budgets[model],
            "parameters": count_parameters(sizes[model]),
            "train_loss": _last(fitted.history, model, "train"),
            "validation_loss": _last(fitted.history, model, "validation"),
        }
        for model in _MODELS
    }
    write_json(folder / "train.json", metrics)
    write_json(folder / "timings.json", _timings(fitted))
    facts: dict[str, Any] = {
        "checkpoints": params.checkpoints,
        "size": size.as_json(),
        "steps": budgets,
        "validation_loss": {model: metrics[model]["validation_loss"] for model in _MODELS},
    }
    return Outcome(stage="train", accepted=True, facts=facts)


def _last(history: list[HistoryRow], model: str, split: str) -> float:
    losses = [r.losses["loss"] for r in history if r.model == model and r.split == split]
    return round(losses[-1], 6)


def _timings(fitted: FittedVoice) -> dict[str, Any]:
    return {
        model: {"seconds": round(seconds, 3), "steps": fitted.steps_taken[model]}
        for model, seconds in fitted.seconds.items()
    }
