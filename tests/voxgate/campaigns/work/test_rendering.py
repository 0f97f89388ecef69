"""Messages of tones, decoded again by libsndfile."""

from __future__ import annotations

import io
from dataclasses import replace
from hashlib import sha256
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from voxgate.audio.encoding import EncodingName
from voxgate.audio.loudness import measure_loudness
from voxgate.audio.shards import from_pcm16
from voxgate.campaigns.work.rendering import RenderRecipe, Sentence, render
from voxgate.errors import VoiceError

RATE_HZ = 16_000
WAV = RenderRecipe(format="wav")


def tone(duration_s: float, pitch_hz: float, amplitude: int = 6_000) -> NDArray[np.int16]:
    times_s = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    return (amplitude * np.sin(2 * np.pi * pitch_hz * times_s)).astype(np.int16)


MESSAGE: list[Sentence] = [
    (tone(0.8, 300.0), RATE_HZ),
    (tone(1.1, 500.0, 1_500), RATE_HZ),
    (np.zeros(1_600, np.int16), RATE_HZ),
    (tone(0.6, 700.0), RATE_HZ),
]
JOINED = np.concatenate([pcm for pcm, _ in MESSAGE])


def read(content: bytes) -> tuple[NDArray[np.int16], int]:
    samples, rate_hz = soundfile.read(io.BytesIO(content), dtype="int16")
    return samples, rate_hz


def test_without_a_wish_the_samples_are_those_of_the_voice() -> None:
    made = render(MESSAGE, WAV)
    samples, rate_hz = read(made.content)
    np.testing.assert_array_equal(samples, JOINED)
    assert (rate_hz, made.sample_rate_hz, made.duration_s) == (RATE_HZ, RATE_HZ, 2.6)
    assert made.pcm_sha256 == sha256(JOINED.tobytes()).hexdigest()
    assert made.sha256 == sha256(made.content).hexdigest()
    assert (made.format, made.media_type) == ("wav", "audio/wav")


@pytest.mark.parametrize(
    ("encoding", "rate_hz", "media_type"),
    [
        ("wav", 16_000, "audio/wav"),
        ("mp3", 16_000, "audio/mpeg"),
        ("opus", 16_000, "audio/ogg"),
        ("flac", 16_000, "audio/flac"),
        ("ulaw", 8_000, "audio/wav"),
    ],
)
def test_each_format_has_its_nearest_rate_and_the_length(
    encoding: EncodingName, rate_hz: int, media_type: str
) -> None:
    made = render(MESSAGE, RenderRecipe(format=encoding, loudness_lufs=-19.0))
    assert (made.sample_rate_hz, made.media_type) == (rate_hz, media_type)
    samples, _ = read(made.content)
    assert made.duration_s == pytest.approx(2.6, abs=0.001)
    found = soundfile.info(io.BytesIO(made.content)).duration
    assert found == pytest.approx(2.6, abs=0.02)
    rms_of_parts = [float(np.std(part)) for part in np.array_split(samples, 13)[:9]]
    assert min(rms_of_parts[:3]) > 2.5 * max(rms_of_parts[5:8]), "loud, then quiet, as it was said"


def test_the_level_is_of_the_whole_and_the_sentences_keep_theirs_to_each_other() -> None:
    made = render(MESSAGE, RenderRecipe(format="wav", loudness_lufs=-20.0))
    samples, _ = read(made.content)
    loudness = measure_loudness(from_pcm16(samples), RATE_HZ)
    assert loudness.lufs == pytest.approx(-20.0, abs=0.05)
    gain = (
        samples[100:12_000].astype(float)
        @ JOINED[100:12_000]
        / np.sum(JOINED[100:12_000].astype(float) ** 2)
    )
    np.testing.assert_allclose(samples, JOINED * gain, atol=1.0)


@pytest.mark.parametrize("rate_hz", [8_000, 24_000, 48_000])
def test_another_rate_keeps_length_and_level(rate_hz: int) -> None:
    recipe = RenderRecipe(format="wav", sample_rate_hz=rate_hz, loudness_lufs=-19.0)
    samples, found_hz = read(render(MESSAGE, recipe).content)
    assert (found_hz, len(samples)) == (rate_hz, round(2.6 * rate_hz))
    loudness = measure_loudness(from_pcm16(samples), rate_hz)
    assert loudness.lufs == pytest.approx(-19.0, abs=0.05)


def test_both_ends_fade_and_the_middle_does_not() -> None:
    square = np.full(RATE_HZ, 10_000, np.int16)
    samples, _ = read(render([(square, RATE_HZ)], replace(WAV, fade_s=0.01)).content)
    assert (abs(samples[0]) < 10, abs(samples[-1]) < 10) == (True, True)
    np.testing.assert_array_equal(samples, samples[::-1])
    assert np.all(np.diff(samples[:160].astype(int)) >= 0)
    np.testing.assert_array_equal(samples[160:-160], square[160:-160])
    short, _ = read(render([(square[:7], RATE_HZ)], replace(WAV, fade_s=0.5)).content)
    assert (len(short), short[3]) == (7, 10_000)


@pytest.mark.parametrize("encoding", ["wav", "mp3", "ulaw", "opus"])
def test_the_same_message_has_the_same_samples_whatever_the_bytes(encoding: EncodingName) -> None:
    recipe = RenderRecipe(format=encoding, loudness_lufs=-19.0, fade_s=0.005)
    first, second = render(MESSAGE, recipe), render(list(MESSAGE), recipe)
    assert first.pcm_sha256 == second.pcm_sha256
    if encoding != "opus":
        assert first == second
    other = render(MESSAGE[:2], recipe)
    assert other.pcm_sha256 != first.pcm_sha256


def test_every_value_is_in_the_digest() -> None:
    recipe = RenderRecipe(format="mp3")
    changes: list[dict[str, Any]] = [
        {}, {"format": "wav"}, {"sample_rate_hz": 8_000}, {"loudness_lufs": -19.0},
        {"fade_s": 0.01},
    ]  # fmt: skip
    assert len({replace(recipe, **change).digest for change in changes}) == len(changes)
    assert recipe.digest == RenderRecipe(format="mp3").digest


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"format": "aac"}, "format: expected one of wav, mp3, .*, got aac"),
        ({"format": "ulaw", "sample_rate_hz": 16_000}, "ulaw can have 8000, got 16000"),
        ({"format": "opus", "sample_rate_hz": 44_100}, "opus can have"),
        ({"format": "wav", "loudness_lufs": 0.0}, "loudness_lufs: expected -40.0 to -9.0"),
        ({"format": "wav", "loudness_lufs": float("nan")}, "loudness_lufs"),
        ({"format": "wav", "fade_s": -0.1}, "fade_s: expected 0 to 0.5"),
        ({"format": "wav", "fade_s": float("nan")}, "fade_s"),
    ],
)
def test_a_recipe_that_cannot_be_is_refused(values: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        RenderRecipe(**values)


@pytest.mark.parametrize(
    ("sentences", "said"),
    [
        ([], "0 sentences: expected one sample rate, got no sentence"),
        ([(tone(0.1, 300.0), 16_000), (tone(0.1, 300.0), 24_000)], r"got \[16000, 24000\]"),
        ([(np.zeros(0, np.int16), 16_000)], "has no sample; speak it again"),
    ],
)
def test_what_is_no_message_is_refused(sentences: list[Sentence], said: str) -> None:
    with pytest.raises(VoiceError, match=said):
        render(sentences, WAV)
