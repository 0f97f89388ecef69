"""Decoding of every format, and of everything that is wrong with a file."""

import numpy as np
import pytest

from tests.fakes.recordings import make_tone, write_audio
from voxgate.audio import decoding
from voxgate.audio.decoding import DecodingBounds, decode_file
from voxgate.errors import RecordingError

BOUNDS = DecodingBounds(max_duration_s=5.0, min_sample_rate_hz=16_000)


def fault_of(path):
    with pytest.raises(RecordingError) as caught:
        decode_file(path, BOUNDS)
    return caught.value


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg", ".mp3", ".g722"])
def test_every_format_decodes_to_the_tone_it_holds(tmp_path, suffix):
    tone = make_tone(1.0)
    decoded = decode_file(write_audio(tmp_path / f"a{suffix}", tone), BOUNDS)
    assert decoded.sample_rate_hz == 16_000
    assert decoded.actions == ()
    assert decoded.duration_s == pytest.approx(1.0, abs=0.1)
    spectrum = np.abs(np.fft.rfft(decoded.samples[:, 0]))
    assert np.argmax(spectrum) / decoded.duration_s == pytest.approx(440, abs=2)
    assert np.abs(decoded.samples).max() == pytest.approx(0.1, rel=0.15)


def test_channels_stay_apart(tmp_path):
    stereo = np.stack([make_tone(level=0.2), make_tone(level=0.05)], axis=1)
    decoded = decode_file(write_audio(tmp_path / "a.wav", stereo, subtype="FLOAT"), BOUNDS)
    np.testing.assert_allclose(decoded.samples, stereo, atol=1e-6)


@pytest.mark.parametrize(
    ("stored", "named", "found"), [(".flac", ".wav", "flac"), (".wav", ".g722", "wav")]
)
def test_a_wrong_suffix_on_decodable_content_is_noted(tmp_path, stored, named, found):
    path = write_audio(tmp_path / f"a{stored}", make_tone()).rename(tmp_path / f"b{named}")
    decoded = decode_file(path, BOUNDS)
    assert decoded.actions == (f"extension_mismatch:{found}",)
    assert decoded.container == found


def test_a_suffix_that_soundfile_takes_as_an_order_is_just_a_name(tmp_path):
    path = write_audio(tmp_path / "a.wav", make_tone()).rename(tmp_path / "a.raw")
    assert decode_file(path, BOUNDS).container == "wav"


def test_text_named_wav_is_a_wrong_format(tmp_path):
    path = tmp_path / "a.wav"
    path.write_text("This is no recording at all, in spite of its name.\n" * 10)
    fault = fault_of(path)
    assert fault.code == "wrong_format"
    assert "expected wav" in str(fault)
    assert str(tmp_path) not in str(fault)


def test_a_damaged_file_of_the_right_kind_is_unreadable(tmp_path):
    path = tmp_path / "a.flac"
    path.write_bytes(b"fLaC" + b"\x00" * 400)
    assert fault_of(path).code == "unreadable"


def test_a_file_of_no_known_kind_is_unreadable(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(range(256)) * 4)
    assert fault_of(path).code == "unreadable"


def test_no_file_is_missing(tmp_path):
    assert fault_of(tmp_path / "none.wav").code == "missing_file"


@pytest.mark.parametrize("suffix", [".wav", ".g722", ".mp3"])
def test_zero_bytes_are_empty_audio(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    path.touch()
    assert fault_of(path).code == "empty_audio"


def test_a_header_without_samples_is_empty_audio(tmp_path):
    path = write_audio(tmp_path / "a.wav", np.zeros(0, dtype=np.float32))
    assert fault_of(path).code == "empty_audio"


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_samples_that_are_no_numbers_are_named(tmp_path, value):
    tone = make_tone()
    tone[100] = value
    fault = fault_of(write_audio(tmp_path / "a.wav", tone, subtype="FLOAT"))
    assert fault.code == "not_finite"
    assert "1 samples" in str(fault)


def test_8_khz_is_refused_with_both_rates(tmp_path):
    fault = fault_of(write_audio(tmp_path / "a.wav", make_tone(rate=8_000), 8_000))
    assert fault.code == "sample_rate_too_low"
    assert "8000 Hz, need >= 16000 Hz" in str(fault)


@pytest.mark.parametrize("suffix", [".wav", ".mp3", ".g722"])
def test_a_long_file_is_left_soon_after_the_bound(tmp_path, monkeypatch, suffix):
    path = write_audio(tmp_path / f"a{suffix}", make_tone(60.0))
    read = []
    collect = decoding._collect

    def watch(name, blocks, rate, bounds):
        def count():
            for block in blocks:
                read.append(len(block))
                yield block

        return collect(name, count(), rate, bounds)

    monkeypatch.setattr(decoding, "_collect", watch)
    assert fault_of(path).code == "too_long"
    assert sum(read) < (5.0 + 5.0) * 16_000


def test_a_file_just_inside_the_bound_decodes(tmp_path):
    path = write_audio(tmp_path / "a.wav", make_tone(5.0))
    assert decode_file(path, BOUNDS).duration_s == 5.0


def test_an_absurd_header_is_unreadable(tmp_path):
    path = write_audio(tmp_path / "a.wav", make_tone())
    header = bytearray(path.read_bytes())
    header[24:28] = (4_000_000_000).to_bytes(4, "little")
    path.write_bytes(header)
    assert fault_of(path).code == "unreadable"
