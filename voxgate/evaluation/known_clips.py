"""Known clips of known speakers, with which the instruments are tested before they are believed."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from voxgate.errors import ConfigError
from voxgate.files import digest_bytes, digest_json
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["KnownClip", "SpokenClips", "known_clips_digest", "load_known_clips"]

_MIN_VOICES = 2
_FIELDS = {"voice": str, "file": str, "text": str, "sha256": str, "duration_s": float}


@dataclass(frozen=True, kw_only=True)
class KnownClip:
    """A clip whose words and speaker are known; `wave` is (T,) float32 at 16 kHz."""

    voice: str
    text: str
    sha256: str
    wave: Wave


@dataclass(frozen=True, kw_only=True)
class SpokenClips:
    """Clips whose words are known, in the language that is judged; `origin` says whose."""

    origin: str
    clips: Sequence[KnownClip]

    def as_json(self) -> dict[str, Any]:
        """Return what evidence says of them."""
        return {
            "origin": self.origin,
            "clips": len(self.clips),
            "digest": known_clips_digest(self.clips),
        }


def load_known_clips(folder: Path) -> list[KnownClip]:
    """Read `index.jsonl` of a folder and the audio that it names, in the order of the file.

    Raises:
        ConfigError: the index or a clip is absent, altered, not 16 kHz mono, or there are fewer
            than two voices with two clips; all faults are listed.
    """
    index = folder / "index.jsonl"
    if not index.is_file():
        raise ConfigError(str(index), ["missing; the self-test clips are part of the project"])
    faults: list[str] = []
    clips = []
    for number, line in enumerate(index.read_text(encoding="utf-8").splitlines(), start=1):
        clip = _clip(folder, line)
        if isinstance(clip, str):
            faults.append(f"line {number}: {clip}")
        else:
            clips.append(clip)
    pairs = Counter(clip.voice for clip in clips)
    comparable = [voice for voice, count in pairs.items() if count > 1]
    if not faults and len(comparable) < _MIN_VOICES:
        faults.append("expected at least two voices with two clips each, to compare pairs")
    if faults:
        raise ConfigError(str(index), faults)
    return clips


def known_clips_digest(clips: Sequence[KnownClip]) -> str:
    """Name the set of clips."""
    return digest_json(sorted([clip.voice, clip.text, clip.sha256] for clip in clips))


def _clip(folder: Path, line: str) -> KnownClip | str:
    """Return the clip of an index line, or what is wrong with it."""
    row = _row(line)
    if isinstance(row, str):
        return row
    path = folder / row["file"]
    if not path.resolve().is_relative_to(folder.resolve()):
        return f"{row['file']!r} leaves the folder {folder}"
    if not path.is_file():
        return f"{path} is missing"
    data = path.read_bytes()
    if digest_bytes(data) != row["sha256"]:
        return f"{path} is not the file that the index names (its sha256 differs); restore it"
    wave, rate = soundfile.read(io.BytesIO(data), dtype="float32")
    if rate != HEARING_RATE_HZ or wave.ndim != 1:
        return f"{path}: expected {HEARING_RATE_HZ} Hz mono, got {rate} Hz, shape {wave.shape}"
    return KnownClip(
        voice=row["voice"], text=row["text"], sha256=row["sha256"], wave=np.asarray(wave)
    )


def _row(line: str) -> dict[str, Any] | str:
    try:
        row = json.loads(line)
    except ValueError as error:
        return f"not JSON ({error})"
    if not isinstance(row, dict) or not row.keys() >= _FIELDS.keys():
        return f"expected the fields {', '.join(_FIELDS)}"
    wrong = [
        name
        for name, kind in _FIELDS.items()
        if not isinstance(row[name], kind if kind is str else (int, float))
    ]
    return f"wrong type of {', '.join(wrong)}" if wrong else row
