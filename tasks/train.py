"""Train both models of a voice and write its checkpoints."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import nn

from voxgate.errors import TrainingError
from voxgate.files import publish_directory, read_json, write_json, write_text
from voxgate.params import Params, TrainParams
from voxgate.stage import Outcome, Reason, Workspace, require_accepted
from voxgate.training.checkpoints import VoiceReference, checkpoint_steps, write_checkpoints
from voxgate.training.clips import FeatureSet, TrainingClip, read_feature_set
from voxgate.training.fit_voice import FittedVoice, fit_voice
from voxgate.training.history import HistoryRow, history_csv
from voxgate.training.networks import Networks, start_networks
from voxgate.training.new_voice import new_card, reference_clip_id
from voxgate.training.preset_choice import choose_preset
from voxgate.training.resume import ResumeStore
from voxgate.training.synthesizer import SynthesizerObjective
from voxgate.training.text_to_semantic import TextToSemanticObjective
from voxgate.training.voice_package import TrainedSteps
from voxgate.training.work_folder import code_digest, discard_work, folder_contents, work_folder

__all__ = ["train"]

_MODELS = ("s1", "s2")
_CODE = tuple(
    Path(__file__).parent.parent / folder for folder in ("models/gpt_sovits", "voxgate/training")
)


def train(
    workspace: Workspace, params: Params, *, clock: Callable[[], float] = time.perf_counter
) -> Outcome:
    """Train S2, then S1; killed at any moment and called again it writes the same bytes.

    Raises:
        TrainingError: a loss is not a number, or the parts do not fit each other.
        WeightsError: the tokenizer or the base checkpoint is absent or not the pinned one.
    """
    require_accepted(workspace, ("featurize",))  # which did not run unless those before accepted
    features = read_feature_set(workspace.stage_dir("featurize"))
    refusal = _too_little(features, params.train)
    if refusal is not None:
        with publish_directory(workspace.stage_dir("train")) as folder:
            _write_empty(folder)
            refusal.write(folder)
        return refusal
    preset = choose_preset(params.train.preset)
    steps = _paired_steps(params.train)
    networks = start_networks(preset, params, workspace.base_dir)
    synthesizer = SynthesizerObjective(preset, networks.synthesizer)
    work = work_folder(workspace.work_dir, _inputs(workspace, params))
    stores = {model: ResumeStore(work / model) for model in _MODELS}
    fitted = fit_voice(
        synthesizer,
        TextToSemanticObjective(networks.text_to_semantic),
        features=features,
        params=params.train,
        stores=stores,
        clock=clock,
    )
    with publish_directory(workspace.stage_dir("train")) as folder:
        features_dir = workspace.stage_dir("featurize")
        clip = features.clip(reference_clip_id(features_dir))
        write_checkpoints(
            folder / "checkpoints",
            card=new_card(features_dir, preset=preset, params=params.train, reference=clip),
            steps=steps,
            stores=stores,
            reference=_reference(features_dir, clip, synthesizer),
        )
        outcome = _report(folder, params.train, fitted, networks)
    discard_work(workspace.work_dir)
    return outcome


def _inputs(workspace: Workspace, params: Params) -> dict[str, object]:
    """Return everything that decides a bit of the weights."""
    return {
        "features": folder_contents(workspace.stage_dir("featurize")),
        "train": params.train.model_dump(mode="json"),
        "tokenizer": params.featurize.tokenizer_sha256,
        "code": code_digest(_CODE),
        "torch": torch.__version__,
    }


def _too_little(features: FeatureSet, params: TrainParams) -> Outcome | None:
    if len(features.train) >= params.min_train_clips and features.validation:
        return None
    reason = Reason(
        "too_few_clips",
        f"{len(features.train)} clips to train on and {len(features.validation)} to validate, need "
        f"at least {params.min_train_clips} (train.min_train_clips) and 1; add recordings, or look "
        "in build/validate/quarantine.csv and build/featurize/dropped.csv for what was left out",
    )
    facts = {"train_clips": len(features.train), "validation_clips": len(features.validation)}
    return Outcome(stage="train", accepted=False, reasons=(reason,), facts=facts)


def _write_empty(folder: Path) -> None:
    """Write what dvc.yaml declares as outputs: without them DVC would keep no refusal."""
    (folder / "checkpoints").mkdir()
    write_text(folder / "history.csv", history_csv([]))
    write_json(folder / "train.json", {})


def _reference(
    features_dir: Path, clip: TrainingClip, synthesizer: SynthesizerObjective
) -> VoiceReference:
    lexicon = features_dir / "lexicon.txt"
    return VoiceReference(
        tokens=torch.tensor(read_json(features_dir / "reference.json")["prompt_tokens"]),
        spectrogram=synthesizer.reference_spectrogram(clip),
        lexicon=lexicon.read_bytes() if lexicon.is_file() else None,
    )


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


def _report(folder: Path, params: TrainParams, fitted: FittedVoice, networks: Networks) -> Outcome:
    write_text(folder / "history.csv", history_csv(fitted.history))
    budgets = {"s1": params.text_to_semantic.steps, "s2": params.synthesizer.steps}
    sizes = {"s1": networks.text_to_semantic, "s2": networks.synthesizer}
    metrics = {
        model: {
            "steps": budgets[model],
            "parameters": _count(sizes[model]),
            "train_loss": _last(fitted.history, model, "train"),
            "validation_loss": _last(fitted.history, model, "validation"),
        }
        for model in _MODELS
    }
    write_json(folder / "train.json", metrics)
    write_json(folder / "timings.json", _timings(fitted))
    facts: dict[str, Any] = {
        "checkpoints": params.checkpoints,
        "validation_loss": {model: metrics[model]["validation_loss"] for model in _MODELS},
    }
    outcome = Outcome(stage="train", accepted=True, facts=facts)
    outcome.write(folder)
    return outcome


def _last(history: list[HistoryRow], model: str, split: str) -> float:
    losses = [r.losses["loss"] for r in history if r.model == model and r.split == split]
    return round(losses[-1], 6)


def _timings(fitted: FittedVoice) -> dict[str, Any]:
    return {
        model: {"seconds": round(seconds, 3), "steps": fitted.steps_taken[model]}
        for model, seconds in fitted.seconds.items()
    }


def _count(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())
