"""Clean the clips of one source, and keep the original wherever cleaning made it worse.

Measured before and after: signal to noise, likeness to the speaker, errors of the recogniser
against the text. Pure: instruments come in as ports, nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from voxgate.audio.cleaning.cleaning import Step, StepDone, clean_clip
from voxgate.audio.resampling import resample
from voxgate.audio.spool import Spool
from voxgate.batching import batched
from voxgate.corpus.cutting.instruments import Instruments
from voxgate.corpus.cutting.records import Import
from voxgate.corpus.cutting.stretches import Stretch
from voxgate.corpus.error_rates import error_rates
from voxgate.corpus.validation.hum import find_hum
from voxgate.corpus.validation.quality import measure_signal
from voxgate.errors import EvaluatorError
from voxgate.ports import SpeakerEncoder, Transcriber
from voxgate.types import HEARING_RATE_HZ, Embeddings, Wave

__all__ = ["CleaningFigures", "CleaningResult", "ClipToClean", "clean_clips", "clean_import"]

MAX_COSINE_LOSS = 0.005
MAX_SNR_LOSS_DB = 0.5
"""What two measurements of one clip differ by through a filter that nobody hears."""

_EDGE = 10
_BATCH = 64
_FULL_SCALE = 32_768.0


@dataclass(frozen=True, kw_only=True)
class ClipToClean:
    """A clip at the source's own rate, (T,) float32 in [-1, 1]; the text is empty where unknown."""

    name: str
    wave: Wave
    sample_rate_hz: int
    text: str


@dataclass(frozen=True, kw_only=True)
class CleaningFigures:
    """What was measured of a clip; `wer` is None where nobody wrote down what is said."""

    snr_db: float
    speaker_cosine: float
    wer: float | None


@dataclass(frozen=True, kw_only=True)
class CleaningResult:
    """What becomes of a clip: `wave` is the cleaned one if `kept`, else the original.

    `worse` says why the original stays, with both figures; empty where no step did anything.
    """

    name: str
    wave: Wave
    kept: bool
    steps: tuple[StepDone, ...]
    before: CleaningFigures | None = None
    after: CleaningFigures | None = None
    worse: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return JSON values, without the sound."""
        figures = {"before": self.before, "after": self.after}
        return {
            "name": self.name,
            "kept": self.kept,
            "steps": [vars(done) for done in self.steps],
            **{name: None if f is None else vars(f) for name, f in figures.items()},
            "worse": list(self.worse),
        }


def clean_import(
    spool: Spool, imported: Import, steps: Collection[Step], instruments: Instruments
) -> Iterator[CleaningResult]:
    """Clean the clips of an import, some at a time; yields those that a step changed.

    The speaker is the mean of clips from all over the recording, as they were.

    Raises:
        EvaluatorError: an instrument failed.
    """
    clips = list(imported.clips.items())
    if not clips or not steps:
        return
    some = clips[:: -(-len(clips) // _BATCH)]
    speaker = instruments.encoder.embed([spool.read(stretch.span) for _, stretch in some])
    for batch in batched(clips, _BATCH):
        results = clean_clips(
            [_to_clean(spool, name, stretch) for name, stretch in batch],
            steps,
            encoder=instruments.encoder,
            transcriber=instruments.recogniser,
            normalise=instruments.normalise,
            speaker=np.asarray(speaker.mean(axis=0)),
        )
        yield from (result for result in results if result.before is not None)


def clean_clips(
    clips: Sequence[ClipToClean],
    steps: Collection[Step],
    *,
    encoder: SpeakerEncoder,
    transcriber: Transcriber,
    normalise: Callable[[str], str],
    speaker: Embeddings | None = None,
) -> list[CleaningResult]:
    """Clean the clips of one speaker; the answer has one entry a clip, in order.

    Args:
        clips: clips of at least 25 ms.
        steps: those to do; hum is notched only where it is found.
        encoder: embeds at 16 kHz.
        transcriber: hears at 16 kHz.
        normalise: brings texts into the form in which words are compared.
        speaker: (D,) or (1, D), the speaker's centroid; None is the mean of the clips as they were.

    Raises:
        ConfigError: there is no such step.
        EvaluatorError: an instrument failed.
    """
    cleaned = [
        clean_clip(
            clip.wave, clip.sample_rate_hz, steps, hum_hz=find_hum(clip.wave, clip.sample_rate_hz)
        )
        for clip in clips
    ]
    changed = [number for number, found in enumerate(cleaned) if found.changed]
    if not changed:
        return [
            CleaningResult(name=clip.name, wave=clip.wave, kept=False, steps=found.steps)
            for clip, found in zip(clips, cleaned, strict=True)
        ]
    texts = [clips[number].text for number in changed]
    before = [_hearing(clips[number].wave, clips[number]) for number in changed]
    after = [_hearing(cleaned[number].wave, clips[number]) for number in changed]
    if speaker is None:
        everybody = encoder.embed([_hearing(clip.wave, clip) for clip in clips])
        speaker = np.asarray(everybody.mean(axis=0))
    measure = _Measure(encoder, transcriber, normalise, _unit(speaker))
    pairs = zip(measure(before, texts), measure(after, texts), strict=True)
    judged = dict(zip(changed, pairs, strict=True))
    return [
        _judge(clip, cleaned[number].wave, cleaned[number].steps, judged.get(number))
        for number, clip in enumerate(clips)
    ]


def _to_clean(spool: Spool, name: str, stretch: Stretch) -> ClipToClean:
    return ClipToClean(
        name=name,
        wave=spool.read_native(stretch.span).astype(np.float32) / _FULL_SCALE,
        sample_rate_hz=spool.sample_rate_hz,
        text="" if stretch.utterance is None else stretch.utterance.text,
    )


def _judge(
    clip: ClipToClean,
    wave: Wave,
    steps: tuple[StepDone, ...],
    pair: tuple[CleaningFigures, CleaningFigures] | None,
) -> CleaningResult:
    if pair is None:
        return CleaningResult(name=clip.name, wave=clip.wave, kept=False, steps=steps)
    before, after = pair
    worse = tuple(_losses(before, after))
    return CleaningResult(
        name=clip.name,
        wave=clip.wave if worse else wave,
        kept=not worse,
        steps=steps,
        before=before,
        after=after,
        worse=worse,
    )


def _losses(before: CleaningFigures, after: CleaningFigures) -> list[str]:
    losses = []
    if after.snr_db < before.snr_db - MAX_SNR_LOSS_DB:
        losses.append(f"signal to noise {before.snr_db:.1f} -> {after.snr_db:.1f} dB")
    if after.speaker_cosine < before.speaker_cosine - MAX_COSINE_LOSS:
        pair = f"{before.speaker_cosine:.3f} -> {after.speaker_cosine:.3f}"
        losses.append(f"likeness to the speaker {pair}")
    if before.wer is not None and after.wer is not None and after.wer > before.wer:
        losses.append(f"word error rate {before.wer:.3f} -> {after.wer:.3f}")
    return losses


@dataclass(frozen=True)
class _Measure:
    encoder: SpeakerEncoder
    transcriber: Transcriber
    normalise: Callable[[str], str]
    speaker: Embeddings

    def __call__(self, waves: Sequence[Wave], texts: Sequence[str]) -> list[CleaningFigures]:
        cosines = self.encoder.embed(waves) @ self.speaker  # (N,)
        heard = self.transcriber.transcribe(waves)
        if len(heard) != len(waves):
            raise EvaluatorError(f"expected {len(waves)} transcripts, got {len(heard)}")
        return [
            CleaningFigures(
                snr_db=round(measure_signal(wave, HEARING_RATE_HZ).snr_db, 2),
                speaker_cosine=round(float(cosine), 4),
                wer=self._wer(text, transcript.text),
            )
            for wave, text, cosine, transcript in zip(waves, texts, cosines, heard, strict=True)
        ]

    def _wer(self, text: str, heard: str) -> float | None:
        wanted = self.normalise(text)
        if not wanted.strip():
            return None
        rates = error_rates(wanted, self.normalise(heard), edge_characters=_EDGE)
        return round(rates.wer, 4)


def _hearing(wave: Wave, clip: ClipToClean) -> Wave:
    return resample(wave, clip.sample_rate_hz, HEARING_RATE_HZ)


def _unit(vector: Embeddings) -> Embeddings:
    flat = np.asarray(vector, dtype=np.float32).reshape(-1)
    return np.asarray(flat / max(float(np.linalg.norm(flat)), 1e-9), dtype=np.float32)
