"""Measure how a voice speaks as a profile, with the instruments that judge releases.

The voice speaks prompts of the gate with the profile's reference; each sample is transcribed and
embedded as in an evaluation, and what comes out is one score of (profile, model version, preset).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

import numpy as np

from voxgate.audio.shards import from_pcm16
from voxgate.clock import utc_now
from voxgate.corpus.validation.quality import measure_signal
from voxgate.errors import EvaluatorError
from voxgate.evaluation.measurements import Caches, Unmeasured
from voxgate.evaluation.plan import Item
from voxgate.evaluation.protocol import Instruments, normaliser_identity
from voxgate.evaluation.speaker_similarity import embed_waves, leave_one_out
from voxgate.evaluation.synthesis import LONGEST_S, Spoken, speak_items
from voxgate.evaluation.transcription import token_cap, transcribe_waves
from voxgate.evaluation.words import count_words
from voxgate.files import digest_json
from voxgate.speakers import decisions
from voxgate.speakers.ports import SpeakerRegister
from voxgate.speakers.profiles import ProfileVersion
from voxgate.speakers.quality import QualityScore, median_upper_bound
from voxgate.speakers.reference_files import Pcm16
from voxgate.speakers.usage import require_measurable
from voxgate.speaking.manner import MannerVoice
from voxgate.speaking.options import SpeakingOptions
from voxgate.speaking.presets import SpeakingPreset
from voxgate.speaking.reference import PreparedReference, ReferenceClip
from voxgate.types import HEARING_RATE_HZ, Speech, Wave

__all__ = ["MIN_SAMPLES", "CloningVoice", "Sitting", "measure_profile"]

MIN_SAMPLES = 5
"""Fewer give no fifth percentile worth the name."""

_DIGITS = 6

T = TypeVar("T")


class CloningVoice(Protocol):
    """A voice that takes whom it sounds like from a recording."""

    @property
    def sample_rate_hz(self) -> int:
        """Sample rate of what `speak` returns."""
        ...

    def speak(self, text: str, *, seed: int, options: SpeakingOptions = ...) -> Speech:
        """Speak `text`; the same arguments give the same audio."""
        ...

    def prepare_reference(self, *clips: ReferenceClip) -> PreparedReference:
        """Prepare recordings of a speaker, to be named in `SpeakingOptions`."""
        ...


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """What measures, what is spoken, and where results are kept."""

    instruments: Instruments
    items: Sequence[Item]
    max_tokens_per_second: float
    caches: Caches


def measure_profile(  # noqa: PLR0913 -- what a score is of, and what it is made with
    register: SpeakerRegister,
    profile: ProfileVersion,
    reference: Pcm16,
    voice: CloningVoice,
    sitting: Sitting,
    *,
    model_digest: str,
    preset: SpeakingPreset,
    by: str,
    clock: Callable[[], datetime] = utc_now,
) -> QualityScore:
    """Speak every item as the profile, measure, and note the score in the register.

    `reference` are the samples of the profile (`read_reference`). State and consent are held
    against `evaluation` before anything is spoken, and again when the score is noted.

    Raises:
        ProfileStateError, ConsentError: the profile may not be measured.
        EvaluatorError: there are too few samples, or one of them could not be measured; a score
            of the others would be of other prompts.
        ReferenceAudioError, TextError: the voice cannot use the reference.
    """
    require_measurable(profile, clock().date())
    if len(sitting.items) < MIN_SAMPLES:
        raise EvaluatorError(
            f"profile {profile.label}: expected at least {MIN_SAMPLES} samples to measure, got "
            f"{len(sitting.items)}; name more prompts or seeds"
        )
    wave = from_pcm16(reference)
    clip = ReferenceClip(wave=wave, sample_rate_hz=HEARING_RATE_HZ, text=profile.inputs.text)
    speaking = MannerVoice(
        voice, SpeakingOptions(reference=voice.prepare_reference(clip), cut=preset.cut)
    )
    spoken = speak_items(
        speaking,
        sitting.items,
        limits_s={item.prompt.id: LONGEST_S for item in sitting.items},
        model_digest=digest_json([model_digest, profile.digest, preset.digest]),
        cache=sitting.caches.speech,
    )
    _require_speech(profile, sitting.items, spoken)
    score = _score(profile, wave, [each.wave for each in spoken], sitting)
    found = QualityScore(
        model_digest=model_digest,
        preset_digest=preset.digest,
        n=len(spoken),
        evaluators=_evaluators(sitting.instruments),
        measured_at=clock().isoformat(timespec="seconds"),
        **score,
    )
    register.append(
        lambda standing, now: decisions.score(
            standing, profile.name, profile.version, found, by=by, now=now
        )
    )
    return found


def _require_speech(
    profile: ProfileVersion, items: Sequence[Item], spoken: Sequence[Spoken]
) -> None:
    for item, each in zip(items, spoken, strict=True):
        if each.fault is not None or each.is_empty:
            raise EvaluatorError(
                f"profile {profile.label}: sample {item.name} holds no speech "
                f"({each.fault or ', '.join(each.codes)}); the profile has no score with this voice"
            )


def _score(
    profile: ProfileVersion, reference: Wave, waves: Sequence[Wave], sitting: Sitting
) -> dict[str, float]:
    """Return the figures of all samples together."""
    instruments = sitting.instruments
    vectors = embed_waves(
        instruments.encoder,
        [reference, *waves],
        batch_size=instruments.batch_size,
        cache=sitting.caches.vectors,
    )
    whom, *samples = [_measured(profile, vector) for vector in vectors]
    rows = np.stack(samples).astype(np.float64)  # (N, D)
    similarities = rows @ whom.astype(np.float64)  # (N,)
    figures = {
        "similarity_p50": np.percentile(similarities, 50),
        "similarity_p05": np.percentile(similarities, 5),
        "similarity_upper": median_upper_bound(list(similarities)),
        "wer": _word_error_rate(profile, waves, sitting),
        "self_similarity": np.median(leave_one_out(np.stack(samples))),
        "snr_db": np.median([measure_signal(wave, HEARING_RATE_HZ).snr_db for wave in waves]),
    }
    return {name: round(float(value), _DIGITS) for name, value in figures.items()}


def _word_error_rate(profile: ProfileVersion, waves: Sequence[Wave], sitting: Sitting) -> float:
    instruments, rate = sitting.instruments, sitting.max_tokens_per_second
    transcripts = transcribe_waves(
        instruments.transcriber,
        waves,
        max_tokens=[token_cap(wave, max_tokens_per_second=rate) for wave in waves],
        batch_size=instruments.batch_size,
        cache=sitting.caches.transcripts,
    )
    errors = words = 0
    for item, answer in zip(sitting.items, transcripts, strict=True):
        heard = _measured(profile, answer)
        counts, _ = count_words(
            item.prompt.text, heard.text, capped=heard.capped, normalisers=instruments
        )
        errors += counts.word_errors
        words += counts.ref_words
    return errors / words


def _measured(profile: ProfileVersion, answer: T | Unmeasured) -> T:
    if isinstance(answer, Unmeasured):
        raise EvaluatorError(f"profile {profile.label}: {answer.fault}; no score was noted")
    return answer


def _evaluators(instruments: Instruments) -> dict[str, Any]:
    return {
        "transcriber": instruments.transcriber.identity.as_json(),
        "speaker_encoder": instruments.encoder.identity.as_json(),
        "normaliser": normaliser_identity(instruments.normaliser),
    }
