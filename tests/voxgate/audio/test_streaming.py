"""Hearing files of any length and kind, and what is said of those that are not whole."""

from pathlib import Path

import numpy as np
import pytest

from tests.fakes.encoded_audio import encode
from tests.fakes.encoded_video import encode_video
from tests.fakes.ingested_corpus import make_speech
from tests.fakes.recordings import make_tone, write_audio
from voxgate.audio import streaming
from voxgate.audio.decoding import DecodingBounds, decode_file
from voxgate.audio.streaming import stream_sound
from voxgate.errors import RecordingError

SUFFIXES = ("wav", "flac", "ogg", "opus", "mp3", "m4a", "aiff", "mka", "aac")
VIDEOS = ("mp4", "mov", "mkv", "webm")


def hear(path: Path, min_sample_rate_hz: int = 16_000):
    """Return the stream after its end, and all of its samples."""
    with stream_sound(path, min_sample_rate_hz=min_sample_rate_hz) as stream:
        blocks = list(stream.blocks())
    return stream, np.concatenate(blocks)


def fault_of(path: Path, **bounds: int) -> RecordingError:
    with pytest.raises(RecordingError) as caught:
        hear(path, **bounds)
    assert str(path.parent) not in str(caught.value)
    return caught.value


def stored(tmp_path: Path, name: str, data: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_blocks_are_what_decoding_gives(tmp_path, suffix):
    path = stored(tmp_path, f"a.{suffix}", encode(suffix, make_speech(1, 3.0)))
    stream, samples = hear(path)
    whole = decode_file(path, DecodingBounds(max_duration_s=60, min_sample_rate_hz=16_000))
    np.testing.assert_array_equal(samples, whole.samples)
    assert stream.cut_short is None
    assert stream.file.container == whole.container


@pytest.mark.parametrize("suffix", VIDEOS)
def test_the_sound_of_a_video_is_heard(tmp_path, suffix):
    path = stored(tmp_path, f"a.{suffix}", encode_video(suffix, make_tone(1.0, 48_000), 48_000))
    stream, samples = hear(path)
    assert stream.cut_short is None
    assert stream.file.actions == ()
    assert len(samples) / stream.format.sample_rate_hz == pytest.approx(1.0, abs=0.1)
    spectrum = np.abs(np.fft.rfft(samples[:, 0]))
    assert np.argmax(spectrum) * 48_000 / len(samples) == pytest.approx(440, abs=2)


@pytest.mark.parametrize("suffix", VIDEOS)
def test_a_video_without_sound_is_named(tmp_path, suffix):
    fault = fault_of(stored(tmp_path, f"a.{suffix}", encode_video(suffix, None)))
    assert fault.code == "no_sound"
    assert "a video without sound; export it with its sound" in str(fault)


@pytest.mark.parametrize("share", [0.5, 0.77])
@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "opus", "aiff", "mka", "mp3"])
def test_of_a_cut_file_there_is_what_it_holds(tmp_path, suffix, share):
    data = encode(suffix, make_speech(1, 10.0))
    stream, samples = hear(stored(tmp_path, f"a.{suffix}", data[: int(len(data) * share)]))
    assert 10 * share - 1.5 < len(samples) / 16_000 < 10 * share + 1
    assert stream.cut_short is not None
    assert "can be heard" in stream.cut_short
    assert "cut" in stream.cut_short


def test_a_video_that_was_cut_is_told(tmp_path):
    data = encode_video("mkv", make_tone(8.0, 48_000), 48_000, seconds=8.0)
    stream, samples = hear(stored(tmp_path, "a.mkv", data[: len(data) // 2]))
    assert 0 < len(samples) < 8 * 48_000
    assert "bytes are missing" in str(stream.cut_short)


def test_a_video_that_was_cut_before_its_list_of_frames_cannot_be_heard(tmp_path):
    data = encode_video("mp4", make_tone(8.0, 48_000), 48_000, seconds=8.0)
    fault = fault_of(stored(tmp_path, "a.mp4", data[: len(data) // 2]))
    assert fault.code == "unreadable"
    assert "bytes are missing: it was cut" in str(fault)


@pytest.mark.parametrize("cut_bytes", [1, 3])
def test_a_file_may_end_inside_a_frame(tmp_path, cut_bytes):
    stereo = np.stack([make_tone(), make_tone()], axis=1)
    path = write_audio(tmp_path / "a.wav", stereo)
    path.write_bytes(path.read_bytes()[:-cut_bytes])
    assert len(hear(path)[1]) == len(stereo) - 1
    path = write_audio(tmp_path / "a.g722", make_tone())
    path.write_bytes(path.read_bytes()[:-cut_bytes])
    assert len(hear(path)[1]) == len(make_tone()) - 2 * cut_bytes


def test_damage_in_the_middle_ends_it_there_and_is_told(tmp_path):
    data = bytearray(encode("flac", make_speech(1, 20.0)))
    data[len(data) // 2 : len(data) // 2 + 2000] = bytes(2000)
    stream, samples = hear(stored(tmp_path, "a.flac", bytes(data)))
    assert 5 < len(samples) / 16_000 < 15
    assert "of the 20.00 s that it announces can be heard" in str(stream.cut_short)


def test_recordings_that_were_appended_are_heard_whole(tmp_path):
    data = encode("ogg", make_speech(1, 2.0)) * 2
    assert len(hear(stored(tmp_path, "a.ogg", data))[1]) / 16_000 == pytest.approx(4.0, abs=0.1)


def test_8_khz_is_refused_unless_it_is_asked_for(tmp_path):
    path = write_audio(tmp_path / "a.wav", make_tone(rate=8_000), 8_000)
    assert fault_of(path).code == "sample_rate_too_low"
    assert len(hear(path, min_sample_rate_hz=8_000)[1]) == 4_800


def test_twenty_milliseconds_are_a_recording(tmp_path):
    assert len(hear(write_audio(tmp_path / "a.wav", make_tone(0.02)))[1]) == 320


def test_samples_that_are_no_numbers_are_named_with_their_place(tmp_path):
    tone = make_tone(10.0)
    tone[5 * 16_000] = np.nan
    fault = fault_of(write_audio(tmp_path / "a.wav", tone, subtype="FLOAT"))
    assert fault.code == "not_finite"
    assert "near 4.1 s" in str(fault)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.wav", b"", "empty_audio"),
        ("a.wav", encode("wav", np.zeros(0, dtype=np.float32)), "empty_audio"),
        ("a.wav", b"no recording at all\n" * 10, "wrong_format"),
        ("a.mp4", b"no recording at all\n" * 10, "wrong_format"),
        ("a.bin", bytes(range(256)) * 4, "unreadable"),
        ("a.flac", b"fLaC" + bytes(400), "unreadable"),
        ("a.wav", encode("wav", make_tone()) * 2, "several_recordings"),
    ],
)
def test_what_is_no_recording_is_named(tmp_path, name, data, code):
    assert fault_of(stored(tmp_path, name, data)).code == code


def test_no_file_is_missing(tmp_path):
    assert fault_of(tmp_path / "none.wav").code == "missing_file"


def test_memory_that_is_not_there_is_no_fault_of_the_file(tmp_path, monkeypatch):
    def refuse(path, **_options):
        raise MemoryError

    monkeypatch.setattr(streaming, "open_libsndfile", refuse)
    with pytest.raises(MemoryError):
        hear(write_audio(tmp_path / "a.wav", make_tone()))
