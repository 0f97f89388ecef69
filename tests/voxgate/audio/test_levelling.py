import numpy as np
import pytest

from voxgate.audio.levelling import levelled
from voxgate.audio.loudness import measure_loudness
from voxgate.audio.shards import from_pcm16

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
