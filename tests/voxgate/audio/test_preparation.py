"""One recording, from a file to prepared samples."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.fakes.encoded_audio import encode, with_cover, write_wide_wav
from tests.fakes.ingested_corpus import RATE, make_speech
from tests.fakes.recordings import INGEST_PARAMS, make_tone, write_audio
from voxgate.audio.loudness import measure_loudness
from voxgate.audio.preparation import prepare_recording
from voxgate.audio.shards import from_pcm16
from voxgate.corpus.ingestion import preparation_target
from voxgate.corpus.validation.quality import measure_signal

TARGET = preparation_target(INGEST_PARAMS)


def test_a_stereo_recording_at_44_khz_is_brought_to_the_target(tmp_path):
    stereo = np.stack([make_tone(1.0, 44_100)] * 2, axis=1)
    prepared = prepare_recording(write_audio(tmp_path / "a.flac", stereo, 44_100), TARGET)
    assert prepared.actions == ("downmixed", "resampled", "gained")
    assert (prepared.source_sample_rate_hz, prepared.source_channels) == (44_100, 2)
    assert prepared.source_duration_s == pytest.approx(1.0)
    assert (prepared.pcm.dtype, len(prepared.pcm)) == (np.int16, 16_000)
    wave = from_pcm16(prepared.pcm)
    assert measure_loudness(wave, 16_000).lufs == pytest.approx(-23.0, abs=0.05)


def test_silence_is_kept_and_marked(tmp_path):
    path = write_audio(tmp_path / "a.wav", np.zeros(16_000, dtype=np.float32))
    prepared = prepare_recording(path, TARGET)
    assert prepared.actions == ("silent",)
    assert prepared.source_loudness_lufs is None
    assert prepared.gain_db == 0.0
    assert not prepared.pcm.any()


def test_clipping_is_measured_on_the_source(tmp_path):
    loud = np.clip(make_tone(1.0, level=4.0), -1.0, 1.0)
    stereo = np.stack([loud, np.zeros_like(loud)], axis=1)
    prepared = prepare_recording(write_audio(tmp_path / "a.wav", stereo), TARGET)
    assert prepared.clipped_fraction > 0.5
    assert np.abs(prepared.pcm).max() < 32_767


def test_a_short_clip_says_how_it_was_measured(tmp_path):
    prepared = prepare_recording(write_audio(tmp_path / "a.wav", make_tone(0.2)), TARGET)
    assert "loudness_by_rms" in prepared.actions


def test_a_bound_on_the_gain_is_recorded(tmp_path):
    path = write_audio(tmp_path / "a.wav", make_tone(1.0, level=0.001))
    assert "gain_limited:max_gain" in prepare_recording(path, TARGET).actions


def prepare(tmp_path, samples, **options):
    path = tmp_path / "a.wav"
    soundfile.write(path, samples, options.pop("rate", RATE), **options)
    return prepare_recording(path, TARGET)


@pytest.mark.parametrize("peak", [1.3, 2.2, 32_768.0])
def test_float_samples_above_full_scale_are_brought_back(tmp_path, peak):
    speech = make_speech(1)
    prepared = prepare(tmp_path, speech * (peak / np.abs(speech).max()), subtype="FLOAT")
    assert (prepared.clipped_fraction, "over_full_scale" in prepared.actions) == (0.0, True)
    assert 0.1 < np.abs(from_pcm16(prepared.pcm)).max() < 0.9
    expected = measure_signal(from_pcm16(prepare(tmp_path, speech).pcm), RATE).snr_db
    assert measure_signal(from_pcm16(prepared.pcm), RATE).snr_db == pytest.approx(expected, abs=1)


@pytest.mark.parametrize("top", [1.0, 0.9, 0.5])
def test_clipping_is_found_below_full_scale(tmp_path, top):
    speech = make_speech(1)
    flat = np.clip(speech * (4 / np.abs(speech).max()), -1, 1) * top
    assert prepare(tmp_path, flat).clipped_fraction > 0.005


@pytest.mark.parametrize("offset", [0.01, -0.05, 0.3])
def test_an_offset_costs_no_snr_and_is_noted(tmp_path, offset):
    speech = make_speech(1)
    clean, prepared = prepare(tmp_path, speech), prepare(tmp_path, speech + np.float32(offset))
    assert "offset_removed" in prepared.actions
    assert "offset_removed" not in clean.actions
    one, other = (measure_signal(from_pcm16(each.pcm), RATE) for each in (clean, prepared))
    assert other.snr_db == pytest.approx(one.snr_db, abs=1)
    assert other.tonal_fraction == one.tonal_fraction
    assert prepared.source_loudness_lufs == pytest.approx(clean.source_loudness_lufs, abs=0.2)


def test_a_voice_and_its_mirror_image_are_not_silence(tmp_path):
    speech = make_speech(1)
    prepared = prepare(tmp_path, np.stack([speech, -speech], axis=1))
    assert "channel_taken:1:opposed" in prepared.actions
    assert prepared.source_loudness_lufs > -40


@pytest.mark.parametrize("level", [0.0, 0.02])
def test_a_channel_of_silence_or_hiss_spoils_nothing(tmp_path, level):
    speech = make_speech(1)
    hiss = level * np.random.default_rng(0).standard_normal(len(speech))
    prepared = prepare(tmp_path, np.stack([hiss, speech], axis=1))
    alone = prepare(tmp_path, speech)
    np.testing.assert_array_equal(prepared.pcm, alone.pcm)


MEASURE = """
import resource, sys
from pathlib import Path
import pyloudnorm, scipy.signal, soxr
from tests.fakes.recordings import INGEST_PARAMS
from voxgate.audio.preparation import prepare_recording
from voxgate.corpus.ingestion import preparation_target
from voxgate.errors import RecordingError
target = preparation_target(INGEST_PARAMS.model_copy(update={"max_recording_s": 60.0}))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    print(prepare_recording(Path(sys.argv[1]), target).source_channels)
except RecordingError as error:
    print(error.code)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def prepare_measured(path):
    """Return the outcome and how many MB the peak of a fresh process grew."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, path],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    outcome, grown = done.stdout.split()
    return outcome, int(grown)


def test_eight_channels_at_384_khz_need_little_memory(tmp_path):
    path = write_wide_wav(tmp_path / "a.wav", rate=384_000, channels=8, seconds=20)
    outcome, grown_mb = prepare_measured(path)  # as floats at its rate: 246 MB
    assert (outcome, grown_mb < 150) == ("8", True), grown_mb


def test_hours_are_left_at_the_bound(tmp_path):
    path = write_wide_wav(tmp_path / "a.wav", rate=48_000, channels=2, seconds=5 * 3_600)
    outcome, grown_mb = prepare_measured(path)
    assert (outcome, grown_mb < 80) == ("too_long", True), grown_mb


def test_a_cover_picture_is_not_unpacked(tmp_path):
    path = tmp_path / "a.flac"
    # Two recordings, so that it is FFmpeg who reads; as pixels the picture has 225 MB.
    flac = encode("flac", make_speech(1))
    path.write_bytes(with_cover(flac, 15_000) + flac)
    outcome, grown_mb = prepare_measured(path)
    assert (outcome, grown_mb < 80) == ("1", True), grown_mb
