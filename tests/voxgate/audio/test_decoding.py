"""Decoding of every format, and of everything that is wrong with a file."""

import re

import numpy as np
import pytest

from tests.fakes.encoded_audio import encode, write_playlists
from tests.fakes.ingested_corpus import make_speech
from tests.fakes.recordings import make_tone, write_audio
from voxgate.audio import decoding, readers
from voxgate.audio.collecting import collect
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
    assert decoded.source_duration_s == pytest.approx(1.0, abs=0.1)
    spectrum = np.abs(np.fft.rfft(decoded.samples[:, 0]))
    assert np.argmax(spectrum) / decoded.source_duration_s == pytest.approx(440, abs=2)
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

    def watch(name, blocks, format_, bounds):
        def count():
            for block in blocks:
                read.append(len(block))
                yield block

        return collect(name, count(), format_, bounds)

    monkeypatch.setattr(readers, "collect", watch)
    assert fault_of(path).code == "too_long"
    assert sum(read) < (5.0 + 5.0) * 16_000


def test_a_file_just_inside_the_bound_decodes(tmp_path):
    path = write_audio(tmp_path / "a.wav", make_tone(5.0))
    assert decode_file(path, BOUNDS).source_duration_s == 5.0


def test_an_absurd_header_is_unreadable(tmp_path):
    path = write_audio(tmp_path / "a.wav", make_tone())
    header = bytearray(path.read_bytes())
    header[24:28] = (4_000_000_000).to_bytes(4, "little")
    path.write_bytes(header)
    assert fault_of(path).code == "unreadable"


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "opus", "mp3", "aiff"])
def test_libsndfile_reads_what_it_can(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(encode(suffix, make_speech(1)))
    decoded = decode_file(path, BOUNDS)
    assert decoded.reader == "libsndfile"
    assert decoded.source_duration_s == pytest.approx(2.0, abs=0.05)


@pytest.mark.parametrize("suffix", ["m4a", "aac", "mka"])
def test_ffmpeg_reads_the_rest(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(encode(suffix, make_speech(1)))
    decoded = decode_file(path, BOUNDS)
    assert decoded.reader == "ffmpeg"
    assert decoded.source_duration_s == pytest.approx(2.0, abs=0.15)


@pytest.mark.parametrize("suffix", ["ogg", "opus", "flac", "mp3"])
def test_recordings_that_were_appended_are_read_whole(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(encode(suffix, make_speech(1)) + encode(suffix, make_speech(2, 1.5)))
    assert decode_file(path, BOUNDS).source_duration_s == pytest.approx(3.5, abs=0.2)


@pytest.mark.parametrize("suffix", ["wav", "aiff"])
def test_appended_files_that_no_reader_takes_apart_are_named(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(encode(suffix, make_speech(1)) * 2)
    fault = fault_of(path)
    assert fault.code == "several_recordings"
    assert "a file of its own" in str(fault)


def test_a_chain_that_changes_its_channels_is_told_as_such(tmp_path):
    speech = make_speech(1)
    path = tmp_path / "a.ogg"
    path.write_bytes(encode("ogg", speech) + encode("ogg", np.stack([speech, speech], axis=1)))
    assert fault_of(path).code == "several_recordings"


@pytest.mark.parametrize("share", [0.3, 0.6, 0.8, 0.95])
@pytest.mark.parametrize("suffix", ["wav", "aiff", "flac", "ogg", "opus", "mp3", "m4a"])
def test_a_cut_file_is_never_taken_for_a_short_one(tmp_path, suffix, share):
    data = encode(suffix, np.concatenate([make_speech(n) for n in (1, 2)]))
    path = tmp_path / f"cut.{suffix}"
    path.write_bytes(data[: int(share * len(data))])
    fault = fault_of(path)
    assert fault.code in {"cut_short", "unreadable"}
    assert f"cut.{suffix}" in str(fault)
    assert not re.search(r"ambiguous|Errno|\(\)", str(fault)), str(fault)


@pytest.mark.parametrize("share", [0.5, 0.8])
def test_a_flac_cut_inside_a_frame_is_told_with_its_place(tmp_path, share):
    data = encode("flac", np.concatenate([make_speech(n) for n in (1, 2)]))
    path = tmp_path / "cut.flac"
    path.write_bytes(data[: int(share * len(data))])
    fault = fault_of(path)
    assert fault.code == "cut_short"
    assert "of the 4.00 s that its header announces" in str(fault)


def test_a_flac_that_lost_a_frame_is_not_taken_for_whole(tmp_path):
    data = bytearray(encode("flac", np.concatenate([make_speech(n) for n in (1, 2)])))
    data[len(data) // 2] ^= 0xFF
    path = tmp_path / "hurt.flac"
    path.write_bytes(data)
    fault = fault_of(path)
    assert (fault.code, "does not match its checksum" in str(fault)) == ("unreadable", True)


@pytest.mark.parametrize("size", [0, 0x7FFF_F000, 0x7FFF_FFFF, 0xFFFF_FFFF])
def test_a_streamed_wav_that_never_learned_its_size_is_whole(tmp_path, size):
    data = bytearray(encode("wav", make_speech(1)))
    at = data.index(b"data") + 4
    data[at : at + 4] = data[4:8] = size.to_bytes(4, "little")
    path = tmp_path / "a.wav"
    path.write_bytes(data)
    assert decode_file(path, BOUNDS).source_duration_s == pytest.approx(2.0, abs=0.01)


def test_labels_in_another_alphabet_and_behind_a_tag_change_nothing(tmp_path):
    title = b"TIT2" + (6).to_bytes(4, "big") + b"\0\0" + b"\0caf\xe9!"
    tag = b"ID3\x03\0\0" + bytes([0, 0, 0, len(title)]) + title
    path = tmp_path / "a.flac"
    path.write_bytes(tag + encode("flac", make_speech(1)))
    decoded = decode_file(path, BOUNDS)
    assert decoded.source_duration_s == pytest.approx(2.0, abs=0.01)
    assert decoded.actions == ()


def test_a_codec_that_nobody_knows_is_unreadable(tmp_path):
    data = encode("mka", make_speech(1))
    path = tmp_path / "a.mka"
    path.write_bytes(data.replace(b"A_AAC", b"A_ZZZ"))
    fault = fault_of(path)
    assert fault.code == "unreadable"


@pytest.mark.parametrize("error", [UnicodeDecodeError("utf-8", b"x", 0, 1, "y"), SystemError("z")])
def test_whatever_a_decoder_raises_is_a_fault_of_the_file(tmp_path, monkeypatch, error):
    def broken(*_, **__):
        raise error

    monkeypatch.setattr(decoding, "read_libsndfile", broken)
    monkeypatch.setattr(decoding, "read_ffmpeg", broken)
    assert fault_of(write_audio(tmp_path / "a.wav", make_tone())).code == "unreadable"


def test_a_file_that_names_another_is_never_followed(tmp_path, monkeypatch):
    target = write_audio(tmp_path / "outside" / "secret.wav", make_tone(1.0))
    folder = tmp_path / "data"
    folder.mkdir()
    for path in write_playlists(folder, target):
        assert fault_of(path).code in {"unreadable", "wrong_format", "empty_audio"}, path.name


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n", "git lfs pull"),
        (b"<!DOCTYPE html><title>404</title>", "a web page"),
        (b"#EXTM3U\n/etc/hostname\n", "a playlist"),
        (b"\xef\xbb\xbfffconcat version 1.0\nfile /etc/hostname\n", "a playlist"),
    ],
)
@pytest.mark.parametrize("suffix", ["wav", "m3u8", "g722"])
def test_what_came_instead_of_a_recording_is_named(tmp_path, content, named, suffix):
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(content)
    fault = fault_of(path)
    assert (fault.code, named in str(fault)) == ("wrong_format", True)


def test_a_container_that_refers_to_another_file_does_not_open_it(tmp_path):
    outside = write_audio(tmp_path / "outside.wav", make_tone(1.0))
    data = encode("m4a", make_speech(1))
    name = f"file://{outside}\0".encode()
    entry = (12 + len(name)).to_bytes(4, "big") + b"url \0\0\0\0" + name
    at = data.index(b"url \0\0\0\x01") - 4
    path = tmp_path / "a.m4a"
    path.write_bytes(data[:at] + entry + data[at + 12 :])
    with pytest.raises(RecordingError):
        decode_file(path, BOUNDS)


@pytest.mark.parametrize("rate", [96_000, 192_000, 384_000])
def test_rates_above_48_khz_are_brought_down_while_decoding(tmp_path, rate):
    path = write_audio(tmp_path / "a.wav", make_tone(1.0, rate), rate)
    decoded = decode_file(path, BOUNDS)
    assert (decoded.sample_rate_hz, decoded.source_sample_rate_hz) == (48_000, rate)
    assert len(decoded.samples) == pytest.approx(48_000, abs=2)
    assert np.abs(decoded.samples).max() == pytest.approx(0.1, rel=0.02)
