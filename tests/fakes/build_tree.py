"""A finished `build/` as the stages leave it, small and made up, for tests of what reads it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import soundfile

from tests.fakes.clips import featurised_clip
from voxgate.audio.shards import ShardWriter, to_pcm16
from voxgate.evaluation.sound.catalogue import MEASURES
from voxgate.features.featurised_clips import write_featurised
from voxgate.files import write_json, write_text
from voxgate.stage import STAGES, Outcome, Workspace

SAMPLE_RATE_HZ = 16_000
SOUNDS = tuple(f"sound_{name}" for name in MEASURES)
CHECKPOINTS = ("step-000010", "step-000020")


def write_build_tree(root: Path) -> Workspace:
    """Write every file that `register` reads; returns the workspace."""
    workspace = Workspace(root)
    for file in ("data.dvc", "dvc.lock", "dvc.yaml", "params.yaml"):
        write_text(root / file, f"# {file}\n")
    _validate(workspace.stage_dir("validate"))
    _featurize(workspace.stage_dir("featurize"))
    _train(workspace.stage_dir("train"))
    _evaluate(workspace.stage_dir("evaluate"))
    for stage in STAGES:
        Outcome(stage=stage, accepted=True).write(workspace.stage_dir(stage))
    return workspace


def _validate(folder: Path) -> None:
    write_json(
        folder / "report.json",
        {"rows": 3, "accepted": 1, "fixed": 1, "quarantined": 1, "accepted_s": 9.0, "reasons": {}},
    )
    write_text(folder / "quarantine.csv", "recording_id,codes\nr3,too_short\n")
    write_text(folder / "data_docs" / "index.html", "<p>suite</p>")


def _featurize(folder: Path) -> None:
    with ShardWriter(folder / "audio") as writer:
        place = writer.add(to_pcm16(_tone(220.0)))
    write_featurised(folder, [featurised_clip("c1", place)])
    write_json(folder / "reference.json", {"clip_id": "c1"})


def _train(folder: Path) -> None:
    for name in CHECKPOINTS:
        write_json(
            folder / "checkpoints" / name / "voice.json",
            {"schema": 1, "language": "en", "consent_scope": "evaluation"},
        )
    rows = [
        {"model": model, "step": step, "split": "train", "loss": 1.0 / step}
        for model in ("s1", "s2")
        for step in (1, 2)
    ]
    write_text(folder / "history.csv", pd.DataFrame(rows).to_csv(index=False))


def _evaluate(folder: Path) -> None:
    figures = {"wer": 0.5, "cer": 0.3, "similarity": 0.8, "items": 2}
    figures |= {"catastrophic_prompts": 1, "prompts": 2}
    rows = [
        {"name": name, "step": int(name[-2:]), "chosen": name == CHECKPOINTS[-1], **figures}
        for name in CHECKPOINTS
    ]
    write_json(
        folder / "checkpoints.json", {"schema": 1, "checkpoints": rows, "chosen": CHECKPOINTS[-1]}
    )
    write_json(folder / "report.json", {"wer": 0.5, "similarity": 0.8})
    write_text(folder / "report.md", "# Report\n")
    evidence = {
        "consent_scope": "evaluation",
        "ceiling": {
            "similarities": [0.9, 0.95],
            "sound": {name: {"p1": 0.0, "p99": 1.0} for name in MEASURES},
        },
        "impostor_floor": {"similarities": [0.5, 0.6]},
    }
    write_text(folder / "evidence.json", json.dumps(evidence))
    _scores().to_parquet(folder / "scores.parquet")
    (folder / "audio").mkdir(parents=True)
    soundfile.write(folder / "audio" / "g1-0.flac", _tone(330.0), SAMPLE_RATE_HZ)


def _scores() -> pd.DataFrame:
    """Two seeds of one gate prompt; the second could not be measured."""
    row: dict[str, object] = {
        "split": "gate",
        "checkpoint": CHECKPOINTS[-1],
        "prompt_id": "g1",
        "seed_index": 0,
        "text": "The <line> is open.",
        "transcript": "the line is often",
        "word_errors": 1,
        "ref_words": 4,
        "similarity": 0.8,
        "duration_s": 1.0,
        "catastrophe": [],
        "fault": None,
        "audio": "audio/g1-0.flac",
        **dict.fromkeys(SOUNDS, 0.5),
    }
    unmeasured = dict.fromkeys(("transcript", "word_errors", "similarity", "audio", *SOUNDS))
    second = {**row, **unmeasured, "seed_index": 1, "fault": "voice crashed"}
    return pd.DataFrame([row, second])


def _tone(frequency_hz: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    time_s = np.arange(SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    return (0.3 * np.sin(2 * np.pi * frequency_hz * time_s)).astype(np.float32)
