"""A corpus as ingest leaves it: noise in the rhythm of syllables, and sentences from templates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.shards import Place, ShardWriter, to_pcm16
from voxgate.corpus.ingested_clips import IngestedClip, StoredAudio, read_ingested, write_ingested
from voxgate.corpus.manifest import Recording
from voxgate.files import digest_bytes
from voxgate.pretraining.speech.sentences import sentences

__all__ = ["Corpus", "make_corpus"]

RATE_HZ = 16_000
SHORTEST_S, LONGEST_S = 1.0, 2.5
_SYLLABLES_HZ = 4.0
_NOISE_S = 60
_CLIPS_A_SPEAKER = 500
_PICTURE = 640
_COPY_EVERY = 50
"""One clip in so many is a near copy of the one before it, and each second one is as long."""


@dataclass(frozen=True)
class Corpus:
    """Where it lies; what is not in the tables is in two files beside them."""

    folder: Path

    def clips(self) -> Iterator[IngestedClip]:
        """Yield the rows of ingest."""
        return read_ingested(self.folder)

    def pictures(self) -> NDArray[np.float32]:
        """Return a fingerprint a clip: (N, 640), of which some are near copies."""
        rows: NDArray[np.float32] = np.load(self.folder / "pictures.npy", allow_pickle=False)
        return rows

    @property
    def audio(self) -> Path:
        """The folder of the shards."""
        return self.folder / "audio"


def make_corpus(folder: Path, count: int, *, seed: int = 0) -> Corpus:
    """Write `count` clips of 1.0 to 2.5 s; the same seed gives the same bytes."""
    random = np.random.default_rng(seed)
    texts = islice(sentences(seed), count)
    with ShardWriter(folder / "audio") as shards:
        clips = [
            _clip(number, sentence.text, pcm, shards.add(pcm))
            for number, (sentence, pcm) in enumerate(zip(texts, _sounds(random), strict=False))
        ]
    write_ingested(folder, clips)
    np.save(folder / "pictures.npy", _pictures(random, count))
    return Corpus(folder)


def _sounds(random: np.random.Generator) -> Iterator[NDArray[np.int16]]:
    """Cut each clip out of one stretch of noise: to draw all of it would be most of the time."""
    noise = random.normal(scale=0.1, size=_NOISE_S * RATE_HZ)
    seconds = np.arange(len(noise)) / RATE_HZ
    while True:
        size = int(random.uniform(SHORTEST_S, LONGEST_S) * RATE_HZ)
        rhythm = 0.5 - 0.5 * np.cos(2 * np.pi * _SYLLABLES_HZ * seconds[:size])
        for start in random.integers(len(noise) - size, size=2):
            yield to_pcm16(noise[start : start + size] * rhythm)


def _pictures(random: np.random.Generator, count: int) -> NDArray[np.float32]:
    rows = random.standard_normal((count, _PICTURE), dtype=np.float32)
    copies = slice(1, count, _COPY_EVERY)
    rows[copies] = rows[copies.start - 1 : count - 1 : _COPY_EVERY]
    rows[copies] += 0.05 * random.standard_normal(rows[copies].shape, dtype=np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def _clip(number: int, text: str, pcm: NDArray[np.int16], place: Place) -> IngestedClip:
    speaker = f"speaker-{number // _CLIPS_A_SPEAKER:04d}"
    name = f"{speaker}/clip-{number:06d}"
    digest = digest_bytes(number.to_bytes(8) + pcm.tobytes())
    return IngestedClip(
        clip_id=digest[:16],
        recording=Recording(name, f"audio/{name}.wav", speaker, "en", text),
        source_sha256=digest,
        audio=StoredAudio(
            place=place,
            sample_rate_hz=RATE_HZ,
            sha256=digest,
            source_sample_rate_hz=RATE_HZ,
            source_channels=1,
            source_duration_s=len(pcm) / RATE_HZ,
            source_loudness_lufs=-23.0,
            clipped_fraction=0.0,
            gain_db=1.5,
            actions=("gained",),
        ),
        fault=None,
    )
