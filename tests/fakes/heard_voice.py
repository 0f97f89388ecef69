"""A voice of tones whose every sentence a scripted recogniser hears as it was meant."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from tests.fakes.recogniser import FakeRecogniser
from tests.fakes.speaker_encoder import FakeSpeakerEncoder
from voxgate.campaigns.quality.checking import Ears, Reference, hear_wave
from voxgate.files import digest_bytes
from voxgate.serving.requests import SpokenSentence
from voxgate.text.front_ends import open_front_end
from voxgate.wiring.evaluators import text_normaliser

__all__ = ["HeardVoice"]

_RATE_HZ = 16_000
_SYLLABLE_S = 0.06


@dataclass
class HeardVoice:
    """Speak with `speak`; `misheard` says what is heard of a text instead of it."""

    speaker_id: str = "own"
    misheard: dict[str, str] = field(default_factory=dict)
    recogniser: FakeRecogniser = field(default_factory=FakeRecogniser)
    encoder: FakeSpeakerEncoder = field(default_factory=FakeSpeakerEncoder)

    def speak(self, text: str) -> SpokenSentence:
        """Speak a tone for each letter; equal texts have equal samples."""
        generator = np.random.default_rng(int(digest_bytes(text.encode())[:12], 16))
        count = round(_SYLLABLE_S * _RATE_HZ)
        at = np.arange(count) / _RATE_HZ
        tones = [np.sin(2 * np.pi * hz * at) for hz in generator.integers(100, 400, len(text))]
        wave = np.concatenate([0.3 * np.hanning(count) * tone for tone in tones])
        edge = np.zeros(round(0.1 * _RATE_HZ))
        pcm = np.round(32767 * np.concatenate([edge, wave, edge])).astype(np.int16)
        spoken = SpokenSentence(place=0, pcm=pcm, sample_rate_hz=_RATE_HZ, stopped_by_limit=False)
        self.recogniser.hears(hear_wave(spoken), self.misheard.get(text, text))
        self.encoder.speaks(hear_wave(spoken), self.speaker_id)
        return spoken

    def ears(self) -> Ears:
        """Ears that hear this voice."""
        normaliser = text_normaliser("en")
        return Ears(
            transcriber=self.recogniser,
            speaker=self.encoder,
            front_end=open_front_end("en"),
            spell=normaliser,
            spelling=normaliser.fingerprint,
        )

    def reference(self) -> Reference:
        """Whom it sounds like."""
        vector: Reference = self.encoder.embed([hear_wave(self.speak("Reference."))])[0]
        return vector
