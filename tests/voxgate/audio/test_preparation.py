"""One recording, from a file to prepared samples."""

import numpy as np
import pytest

from tests.fakes.recordings import INGEST_PARAMS, make_tone, write_audio
from voxgate.audio.loudness import measure_loudness
from voxgate.audio.preparation import prepare_recording
from voxgate.audio.shards import from_pcm16
from voxgate.corpus.ingestion import preparation_target

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
