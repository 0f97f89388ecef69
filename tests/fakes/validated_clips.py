"""A checkout with everything that `featurize` reads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from tests.fakes.clips import ingested_clip
from voxgate.audio.shards import Place, ShardWriter
from voxgate.corpus.validated_clips import Figures, Status, ValidatedClip
from voxgate.corpus.validated_clips import write_validated as write_table
from voxgate.files import digest_bytes, write_json
from voxgate.params import Params, load_params
from voxgate.stage import Outcome, Workspace

_REPOSITORY = Path(__file__).parents[2]
SIZE = {"from_s": 1.0, "from_clips": 7, "centroid_clips": 5, "centroid_s": 1.0}
"""What the smallest data set is, so that a few clips of noise will do."""

PROMPT = "Please bring the small blue kettle."


@dataclass(frozen=True, kw_only=True)
class Clip:
    """One row of build/validate/clips.parquet; `cut` samples are trimmed at each end."""

    name: str
    seconds: float = 3.5
    text: str = "A sentence of the usual length is spoken."
    speaker: str = "ann"
    status: Status = "accepted"
    sample_rate_hz: int = 16000
    cut: int = 0
    language: str = "en"


def clips(count: int, **changes: Any) -> list[Clip]:
    """Return `count` clips of different content."""
    return [
        Clip(
            name=f"ann/clip-{i:02d}",
            text=f"Sentence number {'abcdefghij'[i % 10] * 5} {i}",
            **changes,
        )
        for i in range(count)
    ]


def write_validated(root: Path, rows: Sequence[Clip], **featurize: Any) -> tuple[Workspace, Params]:
    """Write `rows` as the stages before `featurize` would have left them, and params.yaml."""
    workspace = Workspace(root)
    validated = []
    with ShardWriter(workspace.stage_dir("ingest") / "audio") as shards:
        for clip in rows:
            pcm = _audio(clip)
            place = shards.add(pcm)
            validated.append(_validated(clip, digest_bytes(pcm.tobytes()), place))
    write_table(workspace.stage_dir("validate"), validated)
    speakers = {clip.speaker: {"consent_scope": "internal"} for clip in rows}
    write_json(workspace.stage_dir("ingest") / "summary.json", {"speakers": speakers})
    for stage in ("ingest", "validate"):
        Outcome(stage=stage, accepted=True).write(workspace.stage_dir(stage))
    _write_prompts(workspace.benchmark_dir / "prompts.en.jsonl")
    raw = yaml.safe_load((_REPOSITORY / "params.yaml").read_text())
    raw["featurize"] |= {"validation_fraction": 0.1} | featurize
    raw["sizes"]["minute"] |= SIZE
    (root / "params.yaml").write_text(yaml.safe_dump(raw))
    return workspace, load_params(root / "params.yaml")


def _audio(clip: Clip) -> np.ndarray[Any, np.dtype[np.int16]]:
    random = np.random.default_rng(list(clip.name.encode()))
    return random.normal(scale=500, size=round(clip.seconds * clip.sample_rate_hz)).astype(np.int16)


def _validated(clip: Clip, sha256: str, place: Place) -> ValidatedClip:
    return ValidatedClip(
        ingested=ingested_clip(
            clip.name,
            place=place,
            text=clip.text,
            speaker_id=clip.speaker,
            language=clip.language,
            sha256=sha256,
            sample_rate_hz=clip.sample_rate_hz,
            clip_id=digest_bytes(clip.name.encode())[:16],
        ),
        train_text=clip.text,
        trim_start=clip.cut,
        trim_end=place.n_samples - clip.cut,
        figures=Figures(snr_db=35.0, alignment_log_probability=-0.2),
        status=clip.status,
        reasons=(),
        warnings=(),
        fixes=(),
        detail="[]",
    )


def _write_prompts(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    prompts = [
        {"id": "s1", "split": "select", "class": "plain", "text": PROMPT},
        {"id": "g1", "split": "gate", "class": "plain", "text": "Nobody saw the grey pony leave."},
    ]
    for prompt in prompts:
        text = str(prompt["text"])
        prompt |= {"normalised": text, "words": len(text.split())}
    path.write_text("".join(json.dumps(prompt) + "\n" for prompt in prompts))
