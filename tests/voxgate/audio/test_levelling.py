import numpy as np
import pytest

from voxgate.audio.levelling import levelled, quick_loudness
from voxgate.audio.loudness import find_gain, measure_loudness
from voxgate.audio.shards import from_pcm16, to_pcm16

RATE_HZ = 16_000
TONE = (3_000 * np.sin(2 * np.pi * 300 * np.arange(2 * RATE_HZ) / RATE_HZ)).astype(np.int16)


@pytest.mark.parametrize("lufs", [-30.0, -19.0])
def test_speech_comes_to_the_level(lufs: float) -> None:
    found = measure_loudness(from_pcm16(levelled(TONE, RATE_HZ, lufs=lufs)), RATE_HZ)
    assert found.lufs == pytest.approx(lufs, abs=0.1)


def test_peaks_and_silence_bound_it() -> None:
    loud = levelled(TONE, RATE_HZ, lufs=0.0)
    assert np.abs(loud).max() <= 10 ** (-1 / 20) * 32_768 + 1
    silence = np.zeros(RATE_HZ, np.int16)
    assert np.array_equal(levelled(silence, RATE_HZ, lufs=-19.0), silence)


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 22_050, 24_000, 44_100, 48_000, 11_025])
@pytest.mark.parametrize("duration_s", [0.2, 0.4, 0.449, 0.451, 1.06, 7.3217])
def test_the_quick_measure_is_the_one_of_the_corpus(rate_hz: int, duration_s: float) -> None:
    random = np.random.default_rng(rate_hz + round(duration_s * 1e4))
    size = round(duration_s * rate_hz)
    # Loud and quiet parts, so that both gates have something to leave out.
    shape = np.repeat(random.choice([1e-5, 1e-3, 0.05, 0.2], 12), size // 12 + 1)[:size]
    wave = (random.standard_normal(size) * shape).clip(-1, 1).astype(np.float32)
    found, expected = quick_loudness(wave, rate_hz), measure_loudness(wave, rate_hz)
    assert found.by_rms == expected.by_rms
    assert found.lufs == pytest.approx(expected.lufs, abs=0.001)


@pytest.mark.parametrize("amplitude", [0.0, 2e-5])
def test_what_is_below_the_absolute_gate_has_no_loudness(amplitude: float) -> None:
    wave = (amplitude * np.sin(np.arange(2 * RATE_HZ) / 10)).astype(np.float32)
    assert quick_loudness(wave, RATE_HZ) == measure_loudness(wave, RATE_HZ)
    assert quick_loudness(wave, RATE_HZ).lufs is None


def test_samples_are_those_of_a_gain_in_float() -> None:
    gain = find_gain(
        from_pcm16(TONE),
        quick_loudness(from_pcm16(TONE), RATE_HZ),
        target_lufs=-19.0,
        max_gain_db=20.0,
        ceiling_dbfs=-1.0,
    )
    scaled = (from_pcm16(TONE) * np.float32(10 ** (gain.db / 20))).astype(np.float32)
    np.testing.assert_array_equal(levelled(TONE, RATE_HZ, lufs=-19.0), to_pcm16(scaled))


def test_the_loudest_sample_does_not_wrap() -> None:
    loud = np.full(RATE_HZ, -32_768, np.int16)
    loud[::2] = 32_767
    assert levelled(loud, RATE_HZ, lufs=-9.0)[::2].min() > 0
    assert levelled(loud, RATE_HZ, lufs=-9.0)[1::2].max() < 0
