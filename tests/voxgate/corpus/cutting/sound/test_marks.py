"""What is wrong with the sound of an utterance."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.fakes.ingested_corpus import make_speech
from tests.fakes.musical_sounds import chords, hum
from tests.fakes.syllables import hiss
from voxgate.audio.shards import to_pcm16
from voxgate.corpus.cutting.sound.marks import mark_speech
from voxgate.corpus.cutting.sound.sounds import measure_levels
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.stretches import Reason
from voxgate.params import load_params
from voxgate.types import Wave

PARAMS = load_params(Path("params.yaml")).validate_
PAUSE_S = 1.0
VOICE = make_speech(3, 6.0)


@dataclass
class _Sound:
    """A recording in memory; implements marks.Sound."""

    wave: Wave

    @property
    def n_samples(self) -> int:
        return len(self.wave)

    def read(self, span: Span, /) -> Wave:
        return self.wave[span.start : span.end]

    def read_native(self, span: Span, /) -> NDArray[np.int16]:
        return to_pcm16(self.read(span))


def marks(voice: Wave, *, below: Wave | None = None) -> dict[str, Reason]:
    """Mark a voice between two pauses, with something below all of it."""
    pause = hiss(PAUSE_S, 1e-4)
    wave = np.concatenate([pause, voice, pause])
    if below is not None:
        wave = wave + np.resize(below, len(wave))
    sound = _Sound(wave.astype(np.float32))
    speech = [Span(len(pause), len(pause) + len(voice))]
    room = int(0.15 * 16_000)
    span = Span(speech[0].start - room, speech[0].end + room)
    levels = measure_levels(sound.read, speech)
    found = mark_speech(sound, span, speech=speech, levels=levels, params=PARAMS)
    return {reason.code: reason for reason in found}


def test_clean_speech_has_no_mark() -> None:
    assert marks(VOICE) == {}


def test_music_below_the_voice_is_heard_in_the_pauses() -> None:
    found = marks(VOICE, below=chords(8.0, 0.004))
    assert "music" in found
    assert "something harmonic at -5" in found["music"].arrived


def test_music_beside_the_voice_is_none_below_it() -> None:
    below = np.zeros(8 * 16_000, np.float32)
    below[:8_000] = chords(0.5)
    assert marks(VOICE, below=below) == {}


def test_hiss_is_low_snr_and_no_music() -> None:
    assert list(marks(VOICE, below=hiss(8.0, 0.02))) == ["low_snr"]


def test_hum_has_its_own_name() -> None:
    found = marks(VOICE, below=hum(8.0, 0.02))
    assert "50 Hz" in found["hum"].arrived
    assert "low_snr" not in found


@pytest.mark.parametrize(("step_db", "marked"), [(-4, False), (-14, True), (14, True)])
def test_a_step_of_loudness_is_found(step_db: float, marked: bool) -> None:
    voice = 0.1 * VOICE
    voice[len(voice) // 2 :] *= 10 ** (step_db / 20)
    found = marks(voice)
    assert ("loudness_step" in found) is marked
    if marked:
        assert "a step of 1" in found["loudness_step"].arrived


def test_a_voice_far_from_the_rest_of_the_recording_is_found() -> None:
    far = 0.02 * VOICE
    wave = np.concatenate([VOICE, hiss(1.0, 1e-5), VOICE, hiss(1.0, 1e-5), far])
    sound = _Sound(wave.astype(np.float32))
    last = Span(len(wave) - len(far), len(wave))
    near = [Span(0, len(VOICE)), Span(len(VOICE) + 16_000, 2 * len(VOICE) + 16_000)]
    found = mark_speech(
        sound,
        last,
        speech=[*near, last],
        levels=measure_levels(sound.read, near),
        params=PARAMS,
    )
    assert "loudness_step" in [reason.code for reason in found]
    assert "speech within 20 dB of the recording's" in found[0].expected


def test_flattened_peaks_are_found() -> None:
    peak = float(np.abs(VOICE).max())
    assert "clipped" in marks(np.clip(VOICE, -0.2 * peak, 0.2 * peak))


def test_what_is_too_short_to_measure_has_no_mark() -> None:
    sound = _Sound(VOICE)
    span = Span(0, 800)
    levels = measure_levels(sound.read, [span])
    assert mark_speech(sound, span, speech=[span], levels=levels, params=PARAMS) == ()
