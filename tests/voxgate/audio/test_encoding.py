"""Files and streams of speech, read back by libsndfile and, bare, as samples."""

from __future__ import annotations

import io
import struct

import av
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from voxgate.audio.encoding import (
    ENCODINGS,
    EncodingName,
    StreamEncoder,
    encode_file,
    nearest_rate_hz,
    resample_pcm,
)

RATE_HZ = 16_000
LOSSLESS: tuple[EncodingName, ...] = ("wav", "flac")
LOSSY: tuple[EncodingName, ...] = ("mp3", "opus")
CONTAINERS: tuple[EncodingName, ...] = (*LOSSLESS, *LOSSY)


def tone(duration_s: float, pitch_hz: float = 220.0, rate_hz: int = RATE_HZ) -> NDArray[np.int16]:
    times_s = np.arange(round(duration_s * rate_hz)) / rate_hz
    return (9_000 * np.sin(2 * np.pi * pitch_hz * times_s)).astype(np.int16)


def streamed(encoding: EncodingName, pieces: list[NDArray[np.int16]]) -> list[bytes]:
    encoder = StreamEncoder(encoding, RATE_HZ)
    return [*map(encoder.encode, pieces), encoder.finish()]


def decoded(data: bytes) -> tuple[NDArray[np.int16], int]:
    """Decode as a player does: libsndfile wants to know the length of a FLAC, FFmpeg does not."""
    with av.open(io.BytesIO(data)) as container:
        stream = container.streams.audio[0]
        to_int16 = av.AudioResampler("s16", "mono", stream.rate)
        frames = [part for frame in container.decode(stream) for part in to_int16.resample(frame)]
        frames += to_int16.resample(None)
    return np.concatenate([frame.to_ndarray()[0] for frame in frames]), stream.rate


def loudest_pitch_hz(pcm: NDArray[np.int16], rate_hz: int) -> float:
    spectrum = np.abs(np.fft.rfft(pcm * np.hanning(len(pcm))))
    return float(np.argmax(spectrum) * rate_hz / len(pcm))


@pytest.mark.parametrize("encoding", LOSSLESS)
def test_a_lossless_file_has_the_samples(encoding: EncodingName) -> None:
    pcm = tone(0.5)
    samples, rate_hz = decoded(encode_file(pcm, RATE_HZ, encoding))
    assert rate_hz == RATE_HZ
    np.testing.assert_array_equal(samples, pcm)


@pytest.mark.parametrize("encoding", CONTAINERS)
def test_a_stream_decodes_to_what_its_file_decodes_to(encoding: EncodingName) -> None:
    pieces = [tone(0.6), tone(0.9, 330.0), tone(0.5, 440.0)]
    samples, rate_hz = decoded(b"".join(streamed(encoding, pieces)))
    whole, whole_rate_hz = decoded(encode_file(np.concatenate(pieces), RATE_HZ, encoding))
    assert rate_hz == whole_rate_hz
    if encoding in LOSSLESS:
        np.testing.assert_array_equal(samples, np.concatenate(pieces))
    # An MP3 file notes what its coder added at both ends; a stream has gone by then.
    assert abs(len(samples) - len(whole)) <= (3_000 if encoding == "mp3" else 0)
    middle = samples[round(0.8 * rate_hz) : round(1.3 * rate_hz)]
    assert loudest_pitch_hz(middle, rate_hz) == pytest.approx(330.0, abs=4)


@pytest.mark.parametrize("encoding", ["wav", "pcm", "mp3", "opus", "flac"])
def test_a_long_piece_is_heard_before_the_next(encoding: EncodingName) -> None:
    first, *_ = streamed(encoding, [tone(3.0), tone(3.0)])
    whole = encode_file(tone(3.0), RATE_HZ, encoding)
    assert len(first) > 0.5 * len(whole)


def test_a_wav_stream_claims_the_largest_size() -> None:
    first, second, rest = streamed("wav", [tone(0.1), tone(0.1)])
    assert struct.unpack("<4sI4s4sIHHIIHH4sI", first[:44]) == (
        b"RIFF", 0xFFFFFFFF, b"WAVE", b"fmt ", 16, 1, 1, RATE_HZ, 2 * RATE_HZ, 2, 16, b"data",
        0xFFFFFFFF,
    )  # fmt: skip
    assert len(second) == 2 * 1_600
    assert rest == b""


def test_bare_samples_are_little_endian_and_nothing_else() -> None:
    pcm = np.array([1, -2, 256], dtype=np.int16)
    assert encode_file(pcm, 24_000, "pcm") == b"\x01\x00\xfe\xff\x00\x01"
    assert b"".join(streamed("pcm", [pcm])) == b"\x01\x00\xfe\xff\x00\x01"


def test_resampling_keeps_duration_and_pitch() -> None:
    resampled = resample_pcm(tone(1.0, 440.0), RATE_HZ, 24_000)
    assert len(resampled) == 24_000
    assert loudest_pitch_hz(resampled, 24_000) == pytest.approx(440.0, abs=2)


def test_resampling_does_not_wrap_at_full_scale() -> None:
    square = np.where(tone(0.1) > 0, 32_767, -32_768).astype(np.int16)
    resampled = resample_pcm(square, RATE_HZ, 24_000)
    inside = resample_pcm(square // 2, RATE_HZ, 24_000)
    assert np.all(
        np.sign(resampled[np.abs(inside) > 4_000]) == np.sign(inside[np.abs(inside) > 4_000])
    )


def test_the_same_rate_returns_the_samples_themselves() -> None:
    pcm = tone(0.1)
    assert resample_pcm(pcm, RATE_HZ, RATE_HZ) is pcm


@pytest.mark.parametrize(
    ("encoding", "rate_hz", "expected"),
    [
        ("opus", 32_000, 48_000),
        ("opus", 16_000, 16_000),
        ("mp3", 32_000, 32_000),
        ("wav", 96_000, 48_000),
    ],
)
def test_a_rate_that_an_encoding_lacks_becomes_the_next(
    encoding: EncodingName, rate_hz: int, expected: int
) -> None:
    assert nearest_rate_hz(encoding, rate_hz) == expected


@pytest.mark.parametrize("encoding", [e for e in ENCODINGS if e != "pcm"])
def test_each_encoding_can_have_each_of_its_rates(encoding: EncodingName) -> None:
    for rate_hz in ENCODINGS[encoding].rates_hz:
        data = encode_file(tone(0.2, rate_hz=rate_hz), rate_hz, encoding)
        assert soundfile.info(io.BytesIO(data)).duration == pytest.approx(0.2, abs=0.12)
