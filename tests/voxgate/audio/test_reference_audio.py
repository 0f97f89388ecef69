import numpy as np
import pytest

from voxgate.audio.reference_audio import fit_reference_audio
from voxgate.errors import ReferenceAudioError, VoiceError

RATE_HZ = 16_000


def speech(seconds: float, *, pauses: tuple[float, ...] = ()) -> np.ndarray:
    """A loud hum with silences of 0.3 s that begin at `pauses`."""
    time_s = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    wave = (0.3 * np.sin(2 * np.pi * 150 * time_s)).astype(np.float32)
    for start_s in pauses:
        wave[int(start_s * RATE_HZ) : int((start_s + 0.3) * RATE_HZ)] = 0
    return wave


def test_three_to_ten_seconds_stay_as_they_are():
    for seconds in (3.0, 10.0):
        fitted = fit_reference_audio(speech(seconds), RATE_HZ)
        assert np.array_equal(fitted.wave, speech(seconds))
        assert not fitted.trimmed
        assert fitted.actions == ()


def test_a_longer_recording_is_cut_in_its_last_pause_before_ten_seconds():
    fitted = fit_reference_audio(speech(14.0, pauses=(4.0, 8.2, 11.0)), RATE_HZ)
    assert 8.2 < len(fitted.wave) / RATE_HZ < 8.5
    assert fitted.trimmed
    assert fitted.actions[0].startswith("cut from 14.0 s to 8.")
    assert fitted.actions[0].endswith("at a pause")


def test_a_pause_after_three_seconds_is_better_than_none():
    fitted = fit_reference_audio(speech(14.0, pauses=(3.5, 11.0)), RATE_HZ)
    assert 3.5 < len(fitted.wave) / RATE_HZ < 3.8


def test_without_a_pause_it_is_cut_at_its_quietest_moment():
    wave = speech(12.0)
    wave[int(7 * RATE_HZ) : int(7.4 * RATE_HZ)] *= 0.3
    fitted = fit_reference_audio(wave, RATE_HZ)
    assert 7.0 < len(fitted.wave) / RATE_HZ < 7.4
    assert "at its quietest moment, for it has no pause" in fitted.actions[0]


def test_a_level_above_one_is_lowered_and_said():
    fitted = fit_reference_audio(speech(4.0) * 5, RATE_HZ)
    assert np.abs(fitted.wave).max() == pytest.approx(1.0)
    assert fitted.actions == ("level lowered: its peak was 1.50, above 1",)


@pytest.mark.parametrize(
    ("wave", "message"),
    [
        (speech(2.5), r"2\.50 s at 16000 Hz, need 3 to 10 s: .* record a longer one"),
        (np.zeros(64_000, np.float32), "there is no sound in it"),
        (np.zeros((2, 64_000), np.float32), r"expected one channel \(T,\), got shape \(2, 64000\)"),
        (np.full(64_000, np.nan, np.float32), "samples that are not numbers"),
        (np.zeros(0, np.float32), r"0\.00 s at 16000 Hz"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason(wave, message):
    with pytest.raises(ReferenceAudioError, match=message):
        fit_reference_audio(wave, RATE_HZ)


def test_the_refusal_is_a_voice_error():
    assert issubclass(ReferenceAudioError, VoiceError)
