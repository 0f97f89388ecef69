"""What is heard where nobody speaks, and that all of it is accounted for."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.musical_sounds import chords, hum
from tests.fakes.recordings import make_tone
from tests.fakes.syllables import hiss, say
from voxgate.corpus.cutting.sound.sounds import (
    Levels,
    measure_levels,
    name_sound,
    split_without_speech,
)
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.stretches import Status, Stretch
from voxgate.types import Wave

SPEECH = Levels(-20.0)


def split(*parts: Wave, levels: Levels = SPEECH, before: int = 0) -> list[Stretch]:
    """Split the parts as one span, which begins after `before` samples of something else."""
    wave = np.concatenate([np.ones(before, np.float32), *parts]).astype(np.float32)
    span = Span(before, len(wave))
    found = split_without_speech(lambda s: wave[s.start : s.end], span, levels=levels)
    assert found[0].span.start == span.start
    assert found[-1].span.end == span.end
    for one, other in pairwise(found):
        assert one.span.end == other.span.start
    return found


def codes(stretches: list[Stretch]) -> list[str]:
    return [s.reasons[0].code if s.reasons else str(s.status) for s in stretches]


QUIET = hiss(1.0, 1e-4)


@pytest.mark.parametrize(
    ("sound", "code"),
    [
        (make_tone(2.0, hz=1000.0), "tone"),
        (make_tone(2.0, hz=697.0) + make_tone(2.0, hz=1209.0), "tone"),
        (chords(4.0), "music"),
        (hiss(2.0, 0.05), "noise"),
        (np.cumsum(hiss(2.0, 0.002)) * 0.5, "noise"),
        (hum(3.0), "hum"),
    ],
    ids=["tone", "two tones of a key", "music", "white noise", "red noise", "hum"],
)
def test_a_sound_between_silences_is_rejected_by_its_name(sound: Wave, code: str) -> None:
    found = split(QUIET, sound.astype(np.float32), QUIET)
    assert codes(found) == ["silence", code, "silence"]
    assert found[1].status is Status.REJECTED
    assert found[1].span.start_s == pytest.approx(1.0, abs=0.02)
    assert found[1].span.duration_s == pytest.approx(len(sound) / 16_000, abs=0.05)
    assert "expected speech or silence, got" in str(found[1].reasons[0])


@pytest.mark.parametrize("wave", [np.zeros(50_000, np.float32), hiss(3.0, 3e-4)])
def test_silence_is_silence(wave: Wave) -> None:
    assert codes(split(wave)) == ["silence"]
    assert codes(split(wave, levels=Levels(None))) == ["silence"]


def test_what_is_far_below_the_voice_is_a_pause_of_it() -> None:
    room = hiss(2.0, 10 ** (-48 / 20))
    assert codes(split(room, levels=Levels(-10.0))) == ["silence"]
    assert codes(split(room, levels=Levels(-30.0))) == ["noise"]
    assert codes(split(room, levels=Levels(None))) == ["noise"]


def test_a_click_is_no_sound() -> None:
    click = np.full(160, 0.5, np.float32)
    assert codes(split(QUIET, click, QUIET)) == ["silence"]


def test_a_sound_with_rests_is_one() -> None:
    rest = np.zeros(4_000, np.float32)
    beeps = [part for _ in range(5) for part in (make_tone(0.4), rest)]
    assert codes(split(QUIET, *beeps, QUIET)) == ["silence", "tone", "silence"]


def test_a_span_in_the_middle_and_less_than_a_cell_are_covered() -> None:
    assert codes(split(QUIET, make_tone(1.0), before=12_345)) == ["silence", "tone"]
    assert codes(split(np.zeros(7, np.float32), before=33)) == ["silence"]


def test_hours_are_read_a_minute_at_a_time() -> None:
    read: list[int] = []

    def silence(span: Span) -> Wave:
        read.append(span.n_samples)
        return np.zeros(span.n_samples, np.float32)

    found = split_without_speech(silence, Span(0, 3600 * 16_000), levels=SPEECH)
    assert codes(found) == ["silence"]
    assert max(read) == 60 * 16_000


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 20_000), st.booleans()), min_size=1, max_size=6))
def test_every_sample_is_in_one_stretch(parts: list[tuple[int, bool]]) -> None:
    waves = [np.full(n, 0.1 if loud else 0.0, np.float32) for n, loud in parts]
    total = sum(n for n, _ in parts)
    assert sum(s.span.n_samples for s in split(*waves, before=5)) == total


def test_levels_are_those_of_speech() -> None:
    voice = say().wave
    wave = np.concatenate([hiss(5.0, 0.3), voice, hiss(5.0, 0.3)]).astype(np.float32)
    speech = [Span(80_000, 80_000 + len(voice))]
    levels = measure_levels(lambda s: wave[s.start : s.end], speech)
    assert levels.speech_db == pytest.approx(-20, abs=6)
    assert measure_levels(lambda s: wave[s.start : s.end], []) == Levels(None)


def test_of_many_spans_a_sample_is_measured() -> None:
    read: list[Span] = []

    def voice(span: Span) -> Wave:
        read.append(span)
        return hiss(span.duration_s, 0.1)

    measure_levels(voice, [Span(n * 320_000, n * 320_000 + 160_000) for n in range(1000)])
    assert len(read) == 200
    assert all(span.duration_s == 3.0 for span in read)


def test_short_sounds_have_names() -> None:
    assert name_sound(make_tone(0.2)) == "tone"
    assert name_sound(hiss(0.2, 0.1)) == "noise"
