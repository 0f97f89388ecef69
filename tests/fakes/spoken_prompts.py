"""The short spoken sentences that ship under benchmark/speakers, as 16 kHz waves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from voxgate.types import Wave

_FOLDER = Path(__file__).parents[2] / "benchmark" / "speakers"


@dataclass(frozen=True)
class SpokenPrompt:
    speaker: str
    text: str
    wave: Wave


def spoken_prompts(speakers: int, each: int) -> list[SpokenPrompt]:
    """Return the first `each` sentences of the first `speakers` voices."""
    rows = [json.loads(line) for line in (_FOLDER / "index.jsonl").read_text().splitlines()]
    voices = sorted({row["voice"] for row in rows})[:speakers]
    chosen = [row for voice in voices for row in [r for r in rows if r["voice"] == voice][:each]]
    return [SpokenPrompt(row["voice"], row["text"], _read(_FOLDER / row["file"])) for row in chosen]


def _read(path: Path) -> Wave:
    wave, rate_hz = soundfile.read(path, dtype="float32")
    assert rate_hz == 16_000
    return np.ascontiguousarray(wave, dtype=np.float32)
