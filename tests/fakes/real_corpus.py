"""A checkout whose speaker is real: recordings of the English corpus as features and prompts."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.clips import featurised_clip
from tests.fakes.evaluation_workspace import write_lines
from voxgate.audio.decoding import DecodingBounds, decode_file
from voxgate.audio.resampling import mix_down
from voxgate.audio.shards import ShardWriter, from_pcm16, to_pcm16
from voxgate.evaluation.prompt_texts import find_repeats
from voxgate.features.featurised_clips import write_featurised
from voxgate.files import digest_bytes, write_json
from voxgate.stage import Outcome, Workspace
from voxgate.types import Wave

MIN_WORDS, MAX_WORDS = 5, 16
MIN_S, MAX_S = 2.0, 8.0
HELD_OUT = {"centroid": 12, "validation": 8, "train": 20}


@dataclass(frozen=True)
class Recording:
    """A real clip at 16 kHz and what it says."""

    text: str
    wave: Wave


def read_corpus(data: Path, *, limit: int) -> list[Recording]:
    """Decode the first recordings that are plain sentences, in the order of the manifest."""
    found: list[Recording] = []
    bounds = DecodingBounds(min_sample_rate_hz=16_000, max_duration_s=30.0)
    with (data / "manifest.csv").open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            plain = row["text"].replace("'", "").replace(",", "").replace(".", "")
            words = plain.split()
            if not (MIN_WORDS <= len(words) <= MAX_WORDS and "".join(words).isalpha()):
                continue
            decoded = decode_file(data / row["path"], bounds)
            wave = from_pcm16(to_pcm16(mix_down(decoded.samples)))
            texts = [*(recording.text for recording in found), row["text"]]
            fits = MIN_S <= len(wave) / 16_000 <= MAX_S
            if fits and not any(find_repeats([*enumerate(texts)])):
                found.append(Recording(row["text"], wave))
            if len(found) == limit:
                break
    return found


def write_checkout(
    root: Path,
    recordings: list[Recording],
    *,
    benchmark: Path,
    select: int,
    held_out: Mapping[str, int] = HELD_OUT,
) -> dict[str, Wave]:
    """Write a checkout that ends before `evaluate`; returns the prompts' recordings by text."""
    workspace = Workspace(root)
    shutil.copytree(benchmark / "speakers", workspace.benchmark_dir / "speakers")
    cut = sum(held_out.values())
    _write_features(workspace, recordings[:cut], held_out)
    _write_prompts(workspace, recordings[cut:], select=select)
    card = {"schema": 1, "consent_scope": "evaluation"}
    write_json(workspace.stage_dir("train") / "checkpoints" / "step-000001" / "voice.json", card)
    for stage in ("ingest", "validate", "featurize", "train"):
        folder = workspace.stage_dir(stage)
        folder.mkdir(parents=True, exist_ok=True)
        Outcome(stage=stage, accepted=True).write(folder)
    write_json(
        workspace.stage_dir("validate") / "expectations.json",
        {"statistics": {"evaluated_expectations": 1, "successful_expectations": 1}},
    )
    return {recording.text: recording.wave for recording in recordings[cut:]}


def _write_features(
    workspace: Workspace, recordings: list[Recording], held_out: Mapping[str, int]
) -> None:
    folder = workspace.stage_dir("featurize")
    splits = [split for split, count in held_out.items() for _ in range(count)]
    clips = []
    with ShardWriter(folder / "audio") as shards:
        for split, recording in zip(splits, recordings, strict=True):
            place = shards.add(to_pcm16(recording.wave))
            clip_id = digest_bytes(recording.wave.tobytes())[:16]
            clips.append(featurised_clip(clip_id, place, split=split, text=recording.text))
    write_featurised(folder, clips)


def _write_prompts(workspace: Workspace, recordings: list[Recording], *, select: int) -> None:
    rows: list[dict[str, object]] = [
        {
            "id": f"real-{number:03d}",
            "split": "select" if number < select else "gate",
            "class": "plain",
            "text": recording.text,
            "normalised": recording.text,
            "words": len(recording.text.split()),
        }
        for number, recording in enumerate(recordings)
    ]
    write_lines(workspace.benchmark_dir / "prompts.en.jsonl", rows)
