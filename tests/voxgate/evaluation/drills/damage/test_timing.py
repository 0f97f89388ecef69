from __future__ import annotations

import numpy as np
import pytest

from tests.fakes.speech import buzz, pitch_of, tone
from voxgate.evaluation.drills.damage import timing
from voxgate.evaluation.drills.damage.anatomy import find_pauses

SPEECH = buzz([120, 140, 130], word_s=0.6, pause_s=0.2)
SECOND = 16_000


def test_silence_keeps_the_length_and_truncation_the_beginning() -> None:
    wave = tone(200)
    assert len(timing.silence(wave)) == len(wave)
    assert not timing.silence(wave).any()
    assert (timing.truncate(wave) == wave[: len(wave) * 6 // 10]).all()


def test_two_seconds_of_silence_come_into_the_pauses() -> None:
    gaps = timing.insert_gaps(SPEECH)
    assert len(gaps) == len(SPEECH) + 2 * SECOND
    assert [pause.stop - pause.start for pause in find_pauses(gaps)] == [19_200, 19_200]


def test_silence_before_and_after_leaves_the_sentence_as_it_is() -> None:
    late, lingering = timing.start_late(SPEECH), timing.linger(SPEECH)
    assert not late[: 2 * SECOND].any()
    assert (late[2 * SECOND :] == SPEECH).all()
    assert not lingering[-3 * SECOND :].any()
    assert (lingering[: -3 * SECOND] == SPEECH).all()


def test_tempo_is_faster_slower_or_drifts_at_the_same_pitch() -> None:
    wave = tone(200, seconds=3.0)
    fast, slow = timing.hurry(wave), timing.slow_down(wave)
    assert len(wave) / len(fast) == pytest.approx(1.2, rel=0.02)
    assert len(wave) / len(slow) == pytest.approx(0.7, rel=0.02)
    assert pitch_of(fast) == pytest.approx(200, rel=0.01)
    drifting = timing.drift_tempo(buzz([120] * 6))
    lengths = np.diff([pause.start for pause in find_pauses(drifting)])
    assert (np.diff(lengths) < 0).all()
    assert lengths[0] / lengths[-1] > 1.25


def test_a_piece_is_stuttered_reversed_or_repeated() -> None:
    wave = tone(200, seconds=3.0)
    stuttering = timing.stutter(wave)
    assert len(stuttering) == len(wave) + 3 * 2400
    assert (stuttering[24_000:26_400] == stuttering[26_400:28_800]).all()
    backwards = timing.reverse_part(wave)
    assert (backwards[21_600:26_400] == wave[21_600:26_400][::-1]).all()
    assert (
        np.delete(backwards, slice(21_600, 26_400)) == np.delete(wave, slice(21_600, 26_400))
    ).all()
    again = timing.repeat_end(wave)
    assert (again[: len(wave)] == wave).all()
    assert (again[len(wave) :] == wave[-SECOND:]).all()


def test_a_tenth_of_the_sound_is_lost_in_packets() -> None:
    wave = tone(201) + np.float32(0.5)
    lossy = timing.drop_packets(wave)
    assert (lossy == 0).sum() == 10 * 320
    assert (lossy[lossy != 0] == wave[lossy != 0]).all()
    assert (timing.drop_packets(wave) == lossy).all()
