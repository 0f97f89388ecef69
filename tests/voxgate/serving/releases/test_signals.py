from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from voxgate.release.trial_tally import Counts
from voxgate.serving.releases.signals import (
    Signal,
    compare_signals,
    count_answer,
    measure_signal,
)
from voxgate.serving.requests import SpokenSentence

RATE_HZ = 16_000


def tone(seconds: float, peak: float = 0.1) -> NDArray[np.int16]:
    times = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return np.asarray(np.clip(peak * np.sin(2 * np.pi * 220 * times), -1, 1) * 32767).astype(
        np.int16
    )


def silence(seconds: float) -> NDArray[np.int16]:
    return np.zeros(round(seconds * RATE_HZ), np.int16)


def answer(*parts: NDArray[np.int16], endless: bool = False) -> Signal:
    half = np.concatenate(parts)
    cut = len(half) // 2
    sentences = [
        SpokenSentence(place=place, pcm=pcm, sample_rate_hz=RATE_HZ, stopped_by_limit=limit)
        for place, pcm, limit in ((0, half[:cut], False), (1, half[cut:], endless))
    ]
    found = measure_signal(sentences)
    assert found is not None
    return found


def test_a_sound_answer_is_measured_as_its_sentences_are_joined() -> None:
    found = answer(silence(0.2), tone(2.0), silence(0.4))
    assert found.duration_s == pytest.approx(2.6)
    assert found.leading_s == pytest.approx(0.2, abs=0.03)
    assert found.trailing_s == pytest.approx(0.4, abs=0.03)
    assert found.level_dbfs == pytest.approx(-23.0, abs=0.2)
    assert found.faults == frozenset()


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        ("silent", answer(silence(1.0))),
        ("leading_silence", answer(silence(1.2), tone(1.0))),
        ("trailing_silence", answer(tone(1.0), silence(1.8))),
        ("clipped", answer(tone(1.0, peak=1.4))),
        ("stopped_by_limit", answer(tone(1.0), endless=True)),
    ],
)
def test_each_fault_is_found_alone(fault: str, found: Signal) -> None:
    assert found.faults == {fault}
    counts = count_answer(found, first_audio_s=1.5)
    expected = Counts(answers=1, faulty=1, late=1, timed=1, first_audio_s=1.5)
    assert counts == expected.plus(Counts(**{fault: 1}))  # type: ignore[arg-type]  # counts alone


def test_what_failed_has_no_other_fault_and_nothing_spoken_is_a_failure() -> None:
    assert count_answer(answer(silence(1.0)), failed=True) == Counts(answers=1, faulty=1, failed=1)
    assert measure_signal([]) is None
    assert count_answer(None) == Counts(answers=1, faulty=1, failed=1)


def test_two_sound_answers_are_compared_by_length_and_level() -> None:
    live = answer(tone(2.0))
    pair = compare_signals(live, answer(tone(2.4, peak=0.2)))
    assert (pair.compared, pair.duration_off, pair.level_off) == (1, 0, 1)
    assert pair.log_duration_ratio == pytest.approx(math.log(1.2))
    assert pair.level_difference_db == pytest.approx(6.02, abs=0.05)
    longer = compare_signals(live, answer(tone(3.1)))
    assert (longer.duration_off, longer.level_off) == (1, 0)
    shorter = compare_signals(live, answer(tone(1.2)))
    assert (shorter.duration_off, shorter.log_duration_ratio < 0) == (1, True)


def test_longer_pauses_make_no_voice_quieter() -> None:
    one, other = answer(tone(2.0)), answer(tone(1.0), silence(1.4), tone(1.0))
    assert one.level_dbfs == pytest.approx(other.level_dbfs, abs=0.1)


def test_a_pair_with_a_fault_counts_for_whom_it_is_of() -> None:
    good, bad = answer(tone(1.0)), answer(silence(1.0))
    assert compare_signals(good, bad) == compare_signals(good, None) == Counts(alone=1)
    assert compare_signals(bad, good) == compare_signals(None, good) == Counts(spared=1)
    assert compare_signals(bad, None) == Counts()
