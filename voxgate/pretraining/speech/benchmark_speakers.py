"""Make `benchmark/speakers/`: 20 synthetic voices, three short clips each, and their index.

`python -m voxgate.pretraining.speech.benchmark_speakers --assets DIR --out benchmark/speakers
--prompts benchmark/prompts.en.jsonl`
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

import numpy as np

from voxgate.errors import TextError
from voxgate.files import canonical_json, digest_file, write_path, write_text
from voxgate.pretraining.speech.sentences import Sentence, normalise, sentences
from voxgate.pretraining.speech.teacher import KokoroTeacher, Reading, Teacher
from voxgate.types import HEARING_RATE_HZ

__all__ = ["SPEAKERS", "make_speakers"]

SPEAKERS = tuple(
    (  # noqa: SIM905 - a word list
        "af_aoede af_jessica af_nicole af_nova af_river af_sarah af_sky am_adam am_eric am_fenrir "
        "am_liam am_michael am_onyx am_santa bf_emma bf_isabella bf_lily bm_daniel bm_fable "
        "bm_lewis"
    ).split()
)
"""Ten women and ten men: of the closest pair of the 28 voices (cosine of GE2E centroids) the one
nearer to the others was dropped, until 20 were left; no pair of them is closer than .80."""

CLIPS = 3
_SEED = 9002
"""Another sequence of sentences than the pretraining corpus reads."""
_KINDS = {"plain", "question", "name", "phone"}
_MIN_S, _MAX_S = 2.0, 4.0
_MIN_WORDS, _MAX_WORDS = 7, 11
_MAX_TRIES = 20
_STEPS = 8192
"""14 bits: the noise of the rounding is 80 dB below full scale, and FLAC saves a fifth."""


def make_speakers(out: Path, teacher: Teacher, *, excluded: AbstractSet[str]) -> None:
    """Write `VOICE-N.flac` (16 kHz, 2 to 4 s) and `index.jsonl` into `out`.

    Args:
        out: the folder; existing files of these names are replaced.
        teacher: reads the sentences.
        excluded: normalised texts that must not be read (the benchmark's prompts).

    Raises:
        TextError: no sentence of the wanted length was found for a clip.
    """
    import soundfile

    texts = _texts(excluded)
    rows: list[str] = []
    for voice in SPEAKERS:
        for clip in range(1, CLIPS + 1):
            text, reading = _fitting(texts, teacher, voice)
            name = f"{voice}-{clip}.flac"
            wave = np.round(reading.wave * _STEPS) / _STEPS
            with write_path(out / name) as path:
                soundfile.write(path, wave, HEARING_RATE_HZ, format="FLAC", compression_level=1.0)
            row = {
                "voice": voice,
                "gender": "female" if voice[1] == "f" else "male",
                "accent": "en-US" if voice[0] == "a" else "en-GB",
                "file": name,
                "text": text,
                "sha256": digest_file(out / name),
                "duration_s": round(len(reading.wave) / HEARING_RATE_HZ, 3),
            }
            rows.append(canonical_json(row) + "\n")
    write_text(out / "index.jsonl", "".join(rows))


def _texts(excluded: AbstractSet[str]) -> Iterator[Sentence]:
    for sentence in sentences(_SEED, excluded=excluded):
        if sentence.kind in _KINDS and _MIN_WORDS <= len(sentence.text.split()) <= _MAX_WORDS:
            yield sentence


def _fitting(texts: Iterator[Sentence], teacher: Teacher, voice: str) -> tuple[str, Reading]:
    for _ in range(_MAX_TRIES):
        text = next(texts).text
        reading = teacher.read(text, voice=voice, speed=1.0)
        if _MIN_S <= len(reading.wave) / HEARING_RATE_HZ <= _MAX_S:
            return text, reading
    raise TextError(f"{voice}: none of {_MAX_TRIES} sentences took {_MIN_S} to {_MAX_S} s")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=Path, required=True, help="folder of the Kokoro files")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--prompts", type=Path, required=True, help="JSONL with a `text` a line")
    args = parser.parse_args()
    lines = args.prompts.read_text(encoding="utf-8").splitlines()
    excluded = frozenset(normalise(json.loads(line)["text"]) for line in lines)
    make_speakers(args.out, KokoroTeacher(args.assets), excluded=excluded)


if __name__ == "__main__":
    main()
