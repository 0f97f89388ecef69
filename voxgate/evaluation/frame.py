"""What real recordings of the speaker score, and what strangers score: the frame of each number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from voxgate.audio.resampling import resample
from voxgate.audio.shards import Pcm16, from_pcm16
from voxgate.content_cache import ContentCache
from voxgate.errors import EvaluatorError
from voxgate.evaluation.held_out import HeldOutClip, define_speaker
from voxgate.evaluation.measurements import Caches, Unmeasured
from voxgate.evaluation.protocol import Instruments
from voxgate.evaluation.rates import ErrorCounts, corpus_rate, mean_rate
from voxgate.evaluation.sound.catalogue import MEASURES
from voxgate.evaluation.sound.measuring import measure_sounds
from voxgate.evaluation.speaker_similarity import Centroid, embed_waves
from voxgate.evaluation.transcription import transcribe_waves
from voxgate.evaluation.waves import Waves
from voxgate.evaluation.words import WordCounts, count_words
from voxgate.ports import Transcriber
from voxgate.types import HEARING_RATE_HZ, Transcript, Wave

__all__ = [
    "MIN_SPEAKER_CLIP_S",
    "SOUND_PERCENTILES",
    "Elsewhere",
    "Frame",
    "RealClip",
    "measure_frame",
]

MIN_SPEAKER_CLIP_S = 2.0
SOUND_PERCENTILES = (1, 5, 50, 95, 99)
_FREE_DECODING = 224  # tokens: real speech needs no tighter cap than the recogniser's own


@dataclass(frozen=True, kw_only=True)
class RealClip:
    """A recording of the speaker; `role` is its split: centroid, validation or train."""

    clip_id: str
    role: str
    text: str
    pcm: Pcm16 = field(repr=False)
    """(N,) at `sample_rate_hz`."""

    language: str = "en"
    sample_rate_hz: int = HEARING_RATE_HZ

    @property
    def wave(self) -> Wave:
        """(T,) float32 in [-1, 1) at 16 kHz."""
        return resample(from_pcm16(self.pcm), self.sample_rate_hz, HEARING_RATE_HZ)

    @property
    def source(self) -> str:
        """Name what it was made of, the same on every kind of processor.

        The id stands for file and preparation, the number of samples for what was cut off it.
        """
        rate = "" if self.sample_rate_hz == HEARING_RATE_HZ else f"@{self.sample_rate_hz}"
        return f"{self.clip_id}:{len(self.pcm)}{rate}"

    @property
    def is_long_enough(self) -> bool:
        """Tell whether its speaker can be measured: a 1-s clip scores 0.13 lower for no reason."""
        return len(self.pcm) >= MIN_SPEAKER_CLIP_S * self.sample_rate_hz


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """What frames a language that the voice has no recordings in.

    `spoken` are clips of others in that language, whose words are the ceiling; `ears` hear the
    recordings in theirs, so that their sound is measured where their words are.
    """

    ears: Transcriber
    spoken: Sequence[RealClip]


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What makes numbers comparable: the speaker, and what real people score beside her.

    `same_speaker` and `impostors` are cosines with the centroid, sorted. `sound` has, by measure,
    order statistics over real recordings (`p1` to `p99`).
    """

    centroid: Centroid
    real_wer: float
    real_mean_wer: float
    real_cer: float
    real_wer_whisper: float
    real_mean_wer_whisper: float
    real_clips: int
    same_speaker: tuple[float, ...]
    impostors: tuple[float, ...]
    sound: Mapping[str, Mapping[str, float]]
    real_wer_toneless: float | None = None
    of_others: bool = False
    """Whether words were heard of others, because the speaker was not recorded in the language."""

    def ceiling(self) -> dict[str, object]:
        """Return what real recordings score, as JSON values."""
        return {
            "clips": self.real_clips,
            "wer": self.real_wer,
            "mean_wer": self.real_mean_wer,
            "cer": self.real_cer,
            "wer_whisper": self.real_wer_whisper,
            "mean_wer_whisper": self.real_mean_wer_whisper,
            "similarity": _mean(self.same_speaker),
            "similarity_p5": _quantile(self.same_speaker, 0.05),
            "similarities": list(self.same_speaker),
            "sound": {name: dict(shares) for name, shares in self.sound.items()},
            **({} if self.real_wer_toneless is None else {"wer_toneless": self.real_wer_toneless}),
            **({"words_of": "others"} if self.of_others else {}),
        }

    def impostor_floor(self) -> dict[str, object]:
        """Return how similar strangers are to the speaker, as JSON values."""
        return {
            "clips": len(self.impostors),
            "similarity": _mean(self.impostors),
            "similarity_p95": _quantile(self.impostors, 0.95),
            "similarity_max": max(self.impostors),
            "similarities": list(self.impostors),
        }


def measure_frame(
    instruments: Instruments,
    clips: Sequence[RealClip],
    impostors: Sequence[Wave],
    *,
    caches: Caches,
    language: str | None = None,
    elsewhere: Elsewhere | None = None,
) -> Frame:
    """Build the centroid and measure the real ceiling and the impostor floor.

    Word errors are measured on clips that no model was trained on (centroid and validation).
    Each clip of the centroid is compared with the centroid of the others, so that no clip is
    compared with itself; of fewer than five the windows make the centroid (`held_out`).

    Args:
        instruments: the evaluators.
        clips: real recordings; those of role `centroid` define the speaker.
        impostors: 16 kHz clips of other speakers.
        caches: what was measured before.
        language: that of the prompts; recordings in another one define the speaker and nothing
            else, unless there are no others. None takes all for one language.
        elsewhere: what stands for the recordings where they are of another language.

    Raises:
        EvaluatorError: a real clip could not be measured, or the centroid has too few clips.
    """
    ears = instruments.transcriber if elsewhere is None else elsewhere.ears
    own = list(clips)
    if elsewhere is None and language is not None:
        own = [clip for clip in clips if clip.language == language]
    heard = _transcribe(instruments, own, ears=ears, cache=caches.transcripts)
    if elsewhere is None:
        held_out = [clip for clip in own if clip.role != "train"]
        said = [each for clip, each in zip(own, heard, strict=True) if clip.role != "train"]
    else:
        held_out = list(elsewhere.spoken)
        ears = instruments.transcriber
        said = _transcribe(instruments, held_out, ears=ears, cache=caches.transcripts)
    found = _word_counts(instruments, held_out, said)
    words = [ErrorCounts(errors=each.word_errors, reference=each.ref_words) for each in found]
    characters = [ErrorCounts(errors=each.char_errors, reference=each.ref_chars) for each in found]
    whisper = [
        ErrorCounts(errors=each.whisper_word_errors, reference=each.whisper_ref_words)
        for each in found
    ]
    toneless = corpus_rate(
        ErrorCounts(errors=each.toneless_errors, reference=each.ref_words)
        for each in found
        if each.toneless_errors is not None
    )
    centroid_clips = [clip for clip in clips if clip.role == "centroid"]
    others = [clip for clip in clips if clip.role != "centroid" and clip.is_long_enough]
    embed = partial(_embed, instruments, cache=caches.vectors)
    vectors = embed(Waves(others))
    speaker = define_speaker(
        [HeldOutClip(source=clip.source, wave=clip.wave) for clip in centroid_clips],
        vectors,
        embed=embed,
    )
    centroid = speaker.centroid
    same = [*speaker.own, *(centroid.similarity(vectors) if others else ())]
    strangers = centroid.similarity(embed(impostors))
    return Frame(
        centroid=centroid,
        real_wer=_known(corpus_rate(words)),
        real_mean_wer=_known(mean_rate(words)),
        real_cer=_known(corpus_rate(characters)),
        real_wer_whisper=_known(corpus_rate(whisper)),
        real_mean_wer_whisper=_known(mean_rate(whisper)),
        real_clips=len(held_out),
        same_speaker=tuple(sorted(same)),
        impostors=tuple(sorted(strangers)),
        sound=_sound_of_recordings(instruments, centroid, own, heard, caches=caches),
        real_wer_toneless=None if toneless is None else round(toneless, 6),
        of_others=elsewhere is not None,
    )


def _sound_of_recordings(
    instruments: Instruments,
    centroid: Centroid,
    clips: Sequence[RealClip],
    heard: Sequence[Transcript],
    *,
    caches: Caches,
) -> dict[str, dict[str, float]]:
    """Return order statistics of each measure; one that no recording has is left out.

    Short clips are left out: prompts are sentences. Recordings were brought to one level, freed of
    an offset and trimmed before they got here, so those of `level_lufs`, `dc_offset`, `head_s` and
    `tail_s` show what ingestion and validation do, not how the speaker is recorded.
    """
    pairs = [pair for pair in zip(clips, heard, strict=True) if pair[0].is_long_enough]
    sounds = measure_sounds(
        instruments,
        centroid,
        Waves([clip for clip, _ in pairs]),
        [transcript for _, transcript in pairs],
        caches=caches,
    )
    for (clip, _), sound in zip(pairs, sounds, strict=True):
        if isinstance(sound, Unmeasured):
            raise EvaluatorError(f"real clip {clip.clip_id}: {sound.fault}")
    measured = [sound for sound in sounds if not isinstance(sound, Unmeasured)]
    statistics = {}
    for name in MEASURES:
        values = sorted(v for sound in measured if (v := sound[name]) is not None)
        if values:
            statistics[name] = {f"p{p}": _quantile(values, p / 100) for p in SOUND_PERCENTILES}
    return statistics


def _transcribe(
    instruments: Instruments, clips: Sequence[RealClip], *, ears: Transcriber, cache: ContentCache
) -> list[Transcript]:
    waves = Waves(clips)
    heard = transcribe_waves(
        ears,
        waves,
        max_tokens=[_FREE_DECODING] * len(waves),
        batch_size=instruments.batch_size,
        batches=instruments.batches,
        cache=cache,
    )
    for clip, transcript in zip(clips, heard, strict=True):
        if isinstance(transcript, Unmeasured):
            raise EvaluatorError(f"real clip {clip.clip_id}: {transcript.fault}")
    return [each for each in heard if not isinstance(each, Unmeasured)]


def _word_counts(
    instruments: Instruments, clips: Sequence[RealClip], heard: Sequence[Transcript]
) -> list[WordCounts]:
    return [
        count_words(clip.text, each.text, capped=False, normalisers=instruments)[0]
        for clip, each in zip(clips, heard, strict=True)
    ]


def _embed(
    instruments: Instruments, waves: Sequence[Wave], *, cache: ContentCache
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    vectors = embed_waves(
        instruments.encoder,
        waves,
        batch_size=instruments.batch_size,
        batches=instruments.batches,
        cache=cache,
    )
    for index, vector in enumerate(vectors):
        if isinstance(vector, Unmeasured):
            raise EvaluatorError(f"reference clip {index} of {len(waves)}: {vector.fault}")
    if not vectors:
        return np.zeros((0, 0), dtype=np.float32)
    return np.stack([vector for vector in vectors if not isinstance(vector, Unmeasured)])


def _known(rate: float | None) -> float:
    if rate is None:
        raise EvaluatorError("no held-out real clip to measure the ceiling on; see featurize")
    return round(rate, 6)


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 6)


def _quantile(values: Sequence[float], share: float) -> float:
    """Return an order statistic of sorted values: no interpolation, so no invented value."""
    return values[min(len(values) - 1, int(share * len(values)))]
