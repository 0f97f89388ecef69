"""A pool that speaks noise: the same noise for the same utterance, sentence and place."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import numpy as np

from voxgate.serving.desk.reading import SentenceReader
from voxgate.serving.ports import Readiness
from voxgate.serving.requests import Lane, PackagedVoice, SpokenSentence, Utterance
from voxgate.speaking.presets import SpeakingPreset
from voxgate.text.sentences import divide

RATE_HZ = 16_000
SAMPLES_A_LETTER = 100
PAUSE_S = 0.2
"""The voice's own, where the preset names none."""


class FakeSpeechPool:
    """Implements `SpeechPool`: each sentence takes `delay_s`, and a fault comes at its place.

    `syntheses` counts utterances that were begun, `spoken` sentences that were made, `left` the
    iterators that were left before their end. While `gate` is set, each sentence waits for it.
    """

    def __init__(self, *, delay_s: float = 0.0, read: SentenceReader | None = None) -> None:
        self.delay_s = delay_s
        self.faults: dict[int, Exception] = {}
        self.gate: asyncio.Event | None = None
        self.syntheses = self.spoken = self.left = 0
        self.firsts: list[int] = []
        self._read = plain_sentences if read is None else read

    async def speak(
        self, utterance: Utterance, *, lane: Lane, deadline_s: float | None = None, first: int = 0
    ) -> AsyncIterator[SpokenSentence]:
        self.syntheses += 1
        self.firsts.append(first)
        ended = False
        try:
            for place, text in enumerate(self._read(utterance)):
                if place < first:
                    continue
                await asyncio.sleep(self.delay_s)
                if self.gate is not None:
                    await self.gate.wait()
                if place in self.faults:
                    raise self.faults[place]
                self.spoken += 1
                yield fake_sentence(utterance, text, place)
            ended = True
        finally:
            self.left += not ended

    def readiness(self) -> Readiness:
        return Readiness(ready=True, lanes={lane.value: {"warm": 1} for lane in Lane})


def plain_sentences(utterance: Utterance) -> Sequence[str]:
    """Cut a text that needs no normalising."""
    return divide(utterance.text, utterance.preset.cut) or [utterance.text]


def fake_sentence(utterance: Utterance, text: str, place: int) -> SpokenSentence:
    """Make the samples of one sentence of everything that decides them."""
    reference, preset = utterance.reference, utterance.preset
    whose = utterance.voice.digest if reference is None else f"{reference.sha256}{reference.text}"
    name = f"{utterance.voice.digest}|{whose}|{preset.precision}|{utterance.speed}|"
    name += f"{utterance.seed}|{place}|{text}"
    seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
    noise = np.random.default_rng(seed).integers(-9000, 9000, SAMPLES_A_LETTER * len(text))
    pause_s = PAUSE_S if preset.pause_s is None else preset.pause_s
    silence = np.zeros(round(pause_s * RATE_HZ) if place else 0)
    pcm = np.concatenate([silence, noise]).astype(np.int16)
    return SpokenSentence(
        place=place, pcm=pcm, sample_rate_hz=RATE_HZ, stopped_by_limit=text.endswith("endless.")
    )


def utterance(
    text: str, *, seed: int = 0, voice: str = "ab" * 32, preset: SpeakingPreset | None = None
) -> Utterance:
    """Return an utterance of a voice package that nobody opens."""
    return Utterance(
        voice=PackagedVoice(folder=Path("voices") / voice[:8], digest=voice),
        preset=SpeakingPreset(name="standard", version=1) if preset is None else preset,
        text=text,
        seed=seed,
    )
