"""What a voice takes its timbre and its manner from, and how a caller's recordings become that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import safetensors.torch
import torch
from torch import Tensor

from models.gpt_sovits.presets import Preset
from models.gpt_sovits.s2.spectrogram import LinearSpectrogram
from voxgate.audio.reference_audio import FittedAudio, fit_reference_audio
from voxgate.audio.resampling import resample
from voxgate.errors import ReferenceAudioError
from voxgate.types import HEARING_RATE_HZ, Wave
from voxgate.voice.card import VoiceCard
from voxgate.voice.package import REFERENCE_NAME
from voxgate.voice.speaker_vectors import SpeakerVectors
from voxgate.voice.speech_tokenizer import SpeechTokenizer
from voxgate.voice.text_features import CharacterFeatures

__all__ = [
    "PreparedReference",
    "ReferenceClip",
    "packaged_reference",
    "prepare_reference",
]


@dataclass(frozen=True, kw_only=True)
class ReferenceClip:
    """A recording of the speaker to sound like."""

    wave: Wave = field(repr=False)
    """3 to 10 s; longer is cut at a pause."""

    sample_rate_hz: int
    text: str | None = None
    """What it says; with it, and a tokenizer, S1 continues its manner of speaking."""


@dataclass(frozen=True, kw_only=True)
class PreparedReference:
    """Recordings of a speaker in the form that the networks read; requests may share it."""

    spectrograms: tuple[Tensor, ...] = field(repr=False)
    """(1, bins, any length) float32 each; their timbres are averaged."""

    speaker_vectors: tuple[Tensor, ...] | None = field(default=None, repr=False)
    """(1, D) one a spectrogram, if the preset reads them."""

    prompt_phones: Tensor = field(repr=False)
    """(K,) int64 what the prompt says; empty without a prompt."""

    prompt_features: Tensor | None = field(default=None, repr=False)
    """(C, K) text features of what it says, where S1 reads some and it says Chinese."""

    prompt_tokens: Tensor = field(repr=False)
    """(P,) int64 how it says it; S1 continues them. Empty without a prompt."""

    actions: tuple[str, ...] = ()
    """What was done to the recordings, and why there is no prompt, in words."""

    @property
    def has_prompt(self) -> bool:
        """Whether S1 has something to continue."""
        return len(self.prompt_tokens) > 0


def packaged_reference(folder: Path, card: VoiceCard, *, device: str) -> PreparedReference:
    """Read the reference that a voice package carries; its digest was verified before."""
    stored = safetensors.torch.load_file(folder / REFERENCE_NAME)
    vector = stored.get("speaker_vector")
    phones = card.reference.phones
    text = None
    if "text_rows" in stored:
        text = CharacterFeatures(stored["text_rows"].numpy(), stored["text_places"].numpy())
    return PreparedReference(
        spectrograms=(stored["spectrogram"].float().to(device)[None],),
        speaker_vectors=None if vector is None else (vector.float().to(device)[None],),
        prompt_phones=torch.tensor(phones, device=device),
        prompt_features=None
        if text is None
        else torch.from_numpy(text.over_phones(len(phones))).to(device),
        prompt_tokens=stored["tokens"].to(device),
    )


def prepare_reference(
    clips: Sequence[ReferenceClip],
    *,
    preset: Preset,
    prompt_phones: Sequence[int],
    prompt_features: Tensor | None = None,
    tokenizer: SpeechTokenizer | None,
    speaker_vectors: SpeakerVectors | None,
    device: str,
) -> PreparedReference:
    """Prepare recordings of one speaker; the first is the prompt, all give the timbre.

    Args:
        clips: one or more.
        preset: what the networks expect.
        prompt_phones: ids of the first clip's text; empty if it has none.
        prompt_features: (C, K) text features beside them, if it has some.
        tokenizer: of the voice's own base; None speaks without a prompt.
        speaker_vectors: needed by presets that read speaker vectors.
        device: where the tensors go.

    Raises:
        ReferenceAudioError: there is no clip, or one cannot be used; says which and why.
    """
    if not clips:
        raise ReferenceAudioError("expected at least one reference recording, got none")
    fitted = [_fitted(clip, number) for number, clip in enumerate(clips, start=1)]
    actions = [
        f"recording {number}: {action}"
        for number, one in enumerate(fitted, start=1)
        for action in one.actions
    ]
    tokens = torch.zeros(0, dtype=torch.long)
    missing = _why_no_prompt(fitted[0], prompt_phones, tokenizer)
    if missing is None:
        assert tokenizer is not None
        tokens = _prompt_tokens(fitted[0].wave, clips[0].sample_rate_hz, tokenizer)
    else:
        actions.append(f"no prompt: {missing}")
    return PreparedReference(
        spectrograms=tuple(
            _spectrogram(one.wave, clip.sample_rate_hz, preset).to(device)
            for one, clip in zip(fitted, clips, strict=True)
        ),
        speaker_vectors=_vectors(fitted, clips, preset, speaker_vectors, device),
        prompt_phones=torch.tensor(
            list(prompt_phones) if missing is None else [], dtype=torch.long, device=device
        ),
        prompt_features=prompt_features if missing is None else None,
        prompt_tokens=tokens.to(device),
        actions=tuple(actions),
    )


def _fitted(clip: ReferenceClip, number: int) -> FittedAudio:
    try:
        return fit_reference_audio(clip.wave, clip.sample_rate_hz)
    except ReferenceAudioError as error:
        raise ReferenceAudioError(f"recording {number}: {error}") from error


def _why_no_prompt(
    first: FittedAudio, phones: Sequence[int], tokenizer: SpeechTokenizer | None
) -> str | None:
    if not phones:
        return "the text of recording 1 was not given"
    if tokenizer is None:
        return "the voice was loaded without a tokenizer"
    if first.trimmed:  # a prompt whose text says more than its sound leaks into the speech
        return "recording 1 was cut, so its text no longer fits it"
    return None


def _prompt_tokens(wave: Wave, sample_rate_hz: int, tokenizer: SpeechTokenizer) -> Tensor:
    heard = resample(wave, sample_rate_hz, HEARING_RATE_HZ)
    return torch.from_numpy(tokenizer.encode_prompt(heard).astype(np.int64))


def _spectrogram(wave: Wave, sample_rate_hz: int, preset: Preset) -> Tensor:
    own_rate = np.clip(resample(wave, sample_rate_hz, preset.sample_rate_hz), -1.0, 1.0)
    spectrogram: Tensor = LinearSpectrogram(preset.n_fft, preset.hop)(
        torch.from_numpy(own_rate)[None]
    )
    return spectrogram


def _vectors(
    fitted: Sequence[FittedAudio],
    clips: Sequence[ReferenceClip],
    preset: Preset,
    source: SpeakerVectors | None,
    device: str,
) -> tuple[Tensor, ...] | None:
    if not preset.synthesizer.speaker_vector:
        return None
    if source is None:
        raise ReferenceAudioError(
            f"preset {preset.name} reads a speaker vector of each recording; load the voice with "
            "`speaker_vectors`, the network that computes them"
        )
    return tuple(
        torch.from_numpy(source.compute(one.wave, clip.sample_rate_hz)).float().to(device)[None]
        for one, clip in zip(fitted, clips, strict=True)
    )
