"""A checkout with everything that `train` reads, small enough to train on in seconds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from safetensors.numpy import save_file

from tests.fakes.clips import featurised_clip
from voxgate.audio.shards import ShardWriter, to_pcm16
from voxgate.features.featurised_clips import write_featurised
from voxgate.files import write_json
from voxgate.params import Params, load_params
from voxgate.stage import Outcome, Workspace
from voxgate.voice.speech_tokenizer import CODEBOOK_KEY, tokenizer_digest

_REPOSITORY = Path(__file__).parents[2]
_SAMPLE_RATE_HZ = 16000

SMALL_LOOPS: Mapping[str, Any] = {
    "preset": "tiny",
    "checkpoints": 2,
    "resume_every": 2,
    "threads": 1,
    "synthesizer": {"steps": 6, "batch_size": 2, "validate_every": 3, "warmup_steps": 1},
    "text_to_semantic": {"steps": 4, "batch_size": 2, "validate_every": 2, "warmup_steps": 1},
}


SIZE = {"from_s": 1.0, "from_clips": 4, "centroid_clips": 1, "centroid_s": 1.0, "budget": 1.0}


def write_training_set(
    root: Path, *, n_clips: int = 9, tokens: tuple[int, int] = (20, 30), **train: Any
) -> tuple[Workspace, Params]:
    """Write the stages up to `featurize`, a tokenizer and params.yaml under `root`.

    `tokens` are the smallest length of a clip, and one more than the largest.
    """
    workspace = Workspace(root)
    for stage in ("ingest", "validate", "featurize"):
        Outcome(stage=stage, accepted=True).write(workspace.stage_dir(stage))
    write_tokenizer(root / "base" / "mini" / "tokenizer", extractor_sha256="e" * 64)
    digest = tokenizer_digest(root / "base" / "mini" / "tokenizer")
    _write_features(workspace.stage_dir("featurize"), n_clips, digest, tokens)
    raw = yaml.safe_load((_REPOSITORY / "params.yaml").read_text())
    raw["train"]["base"] = None  # the shipped one is of mini's size and tokenizer
    raw["featurize"] |= {"tokenizer": "mini/tokenizer", "tokenizer_sha256": digest}
    raw["sizes"]["minute"] |= SIZE
    for name, value in (dict(SMALL_LOOPS) | train).items():
        old = raw["train"].get(name)
        raw["train"][name] = old | value if isinstance(old, dict) else value
    (root / "params.yaml").write_text(yaml.safe_dump(raw))
    return workspace, load_params(root / "params.yaml")


def random_tokenizer() -> dict[str, np.ndarray[Any, np.dtype[np.float32]]]:
    """Return a tokenizer of the sizes of `mini`."""
    random = np.random.default_rng(5)
    return {
        "ssl_proj.weight": random.normal(size=(64, 384, 2)).astype(np.float32) / 28,
        "ssl_proj.bias": np.zeros(64, dtype=np.float32),
        CODEBOOK_KEY: random.normal(size=(512, 64)).astype(np.float32),
    }


def write_tokenizer(stem: Path, *, extractor_sha256: str, remove_mean: bool = True) -> None:
    """Write a random tokenizer."""
    stem.parent.mkdir(parents=True, exist_ok=True)
    save_file(random_tokenizer(), stem.with_suffix(".safetensors"))
    card = {
        "schema": 1,
        "extractor": "whisper-tiny.en",
        "extractor_sha256": extractor_sha256,
        "layer": None,
        "remove_mean": remove_mean,
    }
    write_json(stem.with_suffix(".json"), card)


def _write_features(
    folder: Path, n_clips: int, tokenizer_sha256: str, lengths: tuple[int, int]
) -> None:
    random = np.random.default_rng(1)
    clips = []
    with ShardWriter(folder / "audio") as shards:
        for index in range(n_clips):
            tokens = random.integers(0, 512, size=int(random.integers(*lengths)))
            place = shards.add(to_pcm16(_voiced(len(tokens) * 640 + 77, random)))
            clips.append(
                featurised_clip(
                    f"{index:016x}",
                    place,
                    split="validation" if index < 2 else "train",
                    phones=tuple(int(p) for p in random.integers(5, 90, size=10)),
                    tokens=tuple(int(t) for t in tokens),
                )
            )
    write_featurised(folder, clips)
    write_json(folder / "statistics.json", {"schema": 1, "phones_per_second": 11.5})
    write_json(folder / "tokenizer.json", {"sha256": tokenizer_sha256})
    write_json(
        folder / "reference.json",
        {
            "clip_id": clips[-1].cut.clip_id,
            "prompt_tokens": clips[-1].tokens,
            "speaker_id": "speaker",
            "language": "en",
            "consent_scope": "evaluation",
        },
    )


def _voiced(samples: int, random: np.random.Generator) -> np.ndarray[Any, np.dtype[np.float32]]:
    time_s = np.arange(samples) / _SAMPLE_RATE_HZ
    hum = sum(np.sin(2 * np.pi * 180 * k * time_s) / k for k in range(1, 8))
    wave = 0.1 * hum * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * time_s))
    return (wave + 0.003 * random.normal(size=samples)).astype(np.float32)
