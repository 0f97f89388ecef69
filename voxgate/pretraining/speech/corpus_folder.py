"""A folder of recordings by one voice of the teacher, as `voxgate corpus add` takes it."""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

from voxgate.errors import TextError
from voxgate.files import write_path, write_text
from voxgate.pretraining.speech.generate import Plan
from voxgate.pretraining.speech.sentences import Sentence
from voxgate.pretraining.speech.teacher import Teacher
from voxgate.types import HEARING_RATE_HZ

__all__ = ["CORPUS_SEED", "write_corpus"]

CORPUS_SEED = 2
"""Another sequence of sentences than a base is pretrained on."""

_MIN_S, _MAX_S = 1.2, 14.0
_CONSENT = """\
scope: evaluation
source: synthetic, Kokoro-82M v1.0 (hexgrad), voice {voice}
licence: Apache-2.0 (model and voices)
attribution: Kokoro-82M by hexgrad
statement: synthetic speech of a network; no person was recorded for it
"""
_log = logging.getLogger(__name__)


def write_corpus(
    out: Path,
    teacher: Teacher,
    *,
    language: str,
    voice: str,
    minutes: float,
    excluded: AbstractSet[str] = frozenset(),
) -> float:
    """Let `voice` read until `out` holds `minutes` of speech; return the minutes that it holds.

    Writes `wavs/NNNN.flac` (16 kHz), `metadata.csv` (path, text) and `consent.yaml`. What is there
    is not read again, so that a run that was killed goes on where it stopped.

    Args:
        out: the folder.
        teacher: reads the sentences.
        language: of the sentences.
        voice: who reads.
        minutes: of speech in all.
        excluded: texts that are never read (the benchmark's prompts), as `Plan.key_of` gives them.
    """
    plan = Plan(seed=CORPUS_SEED, language=language)
    write_text(out / "consent.yaml", _CONSENT.format(voice=voice))
    rows: list[tuple[str, str]] = []
    made_s = 0.0
    for sentence, name in _named(plan.sentences(excluded)):
        if made_s >= 60 * minutes:
            break
        length_s = _length(out / name) or _record(out / name, teacher, sentence.text, voice)
        if _MIN_S <= length_s <= _MAX_S:
            rows.append((name, sentence.text))
            made_s += length_s
    write_text(out / "metadata.csv", _table(rows))
    return made_s / 60


def _named(sentences: Iterator[Sentence]) -> Iterator[tuple[Sentence, str]]:
    for sentence in sentences:
        yield sentence, f"wavs/{sentence.index:04d}.flac"


def _length(path: Path) -> float:
    import soundfile

    return float(soundfile.info(path).duration) if path.is_file() else 0.0


def _record(path: Path, teacher: Teacher, text: str, voice: str) -> float:
    import soundfile

    try:
        wave = teacher.read(text, voice=voice, speed=1.0).wave
    except TextError as error:
        _log.warning("%s left out: %s", path.name, error)
        return 0.0
    with write_path(path) as temporary:
        soundfile.write(temporary, wave, HEARING_RATE_HZ, format="FLAC", subtype="PCM_16")
    return len(wave) / HEARING_RATE_HZ


def _table(rows: list[tuple[str, str]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("path", "text"))
    writer.writerows(rows)
    return stream.getvalue()
