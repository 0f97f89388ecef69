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


def expanded(codes: NDArray[np.uint8]) -> NDArray[np.int16]:
    """Decode mu-law by the definition of ITU-T G.711: a sign, three bits of segment, four of step.

    Its 14 bits are the upper ones of 16.
    """
    bits = 255 - codes.astype(int)
    size = ((2 * (bits & 15) + 33) << (bits >> 4 & 7)) - 33
    return (4 * np.where(bits & 128, -size, size)).astype(np.int16)


def test_telephone_speech_is_mulaw_in_wav_that_decodes_to_what_g711_says() -> None:
    ramp = np.arange(-32_768, 32_768, dtype=np.int16)
    data = encode_file(ramp, 8_000, "ulaw")
    info = soundfile.info(io.BytesIO(data))
    assert (info.format, info.subtype, info.samplerate) == ("WAV", "ULAW", 8_000)
    samples, _ = soundfile.read(io.BytesIO(data), dtype="int16")
    codes = np.frombuffer(data[-len(ramp) :], dtype=np.uint8)
    np.testing.assert_array_equal(samples, expanded(codes))
    np.testing.assert_array_equal(decoded(data)[0], samples)
    # Half a step, and a step is a 16th of a segment; at the top the last code stands for the rest.
    error = np.abs(samples.astype(int) - ramp)[abs(ramp.astype(int)) <= 32_124]
    bound = (np.abs(ramp.astype(int)) + 132)[abs(ramp.astype(int)) <= 32_124] / 32 + 4
    assert np.all(error <= bound)
    assert len(set(codes.tolist())) >= 255, "all codes are used"


def test_a_telephone_stream_has_the_samples_of_its_file_and_claims_the_largest_size() -> None:
    pieces = [tone(0.1, rate_hz=8_000), tone(0.2, 330.0, rate_hz=8_000)]
    encoder = StreamEncoder("ulaw", 8_000)
    data = b"".join([*map(encoder.encode, pieces), encoder.finish()])
    whole = encode_file(np.concatenate(pieces), 8_000, "ulaw")
    assert data[-2_400:] == whole[-2_400:]
    assert struct.unpack("<4sI4s4sIHHIIHHH4sII4sI", data[:58]) == (
        b"RIFF", 0xFFFFFFFF, b"WAVE", b"fmt ", 18, 7, 1, 8_000, 8_000, 1, 8, 0, b"fact", 4,
        0xFFFFFFFF, b"data", 0xFFFFFFFF,
    )  # fmt: skip
    assert len(data) == 58 + 2_400
    samples, rate_hz = decoded(data)
    assert rate_hz == 8_000
    np.testing.assert_array_equal(samples, soundfile.read(io.BytesIO(whole), dtype="int16")[0])


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
        ("ulaw", 16_000, 8_000),
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
