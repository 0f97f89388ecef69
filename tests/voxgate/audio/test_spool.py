"""A recording on disk: what is kept, what is read, and what happens on the way."""

import os
import resource
import signal
import subprocess
import sys

import numpy as np
import pytest

from tests.fakes.encoded_video import encode_video
from tests.fakes.ingested_corpus import make_speech
from tests.fakes.recordings import INGEST_PARAMS, make_tone, write_audio
from voxgate.audio.preparation import prepare_recording
from voxgate.audio.resampling import resample
from voxgate.audio.shards import from_pcm16, to_pcm16
from voxgate.audio.spool import open_spool, spool_recording
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.ingestion import preparation_target
from voxgate.errors import RecordingError, StageError, StorageError
from voxgate.files import read_json, write_json


def spool(path, folder, **options):
    return spool_recording(path, folder, min_sample_rate_hz=16_000, **options)


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_any_part_is_read_at_both_rates(tmp_path):
    tone = make_tone(3.0, 44_100)
    kept = spool(write_audio(tmp_path / "a.flac", tone, 44_100), tmp_path / "spool")
    assert (kept.sample_rate_hz, kept.n_samples) == (44_100, 48_000)
    part = Span.of_seconds(1.0, 1.5)
    native = kept.read_native(part)
    np.testing.assert_array_equal(native, to_pcm16(tone[44_100 : 44_100 + 22_050]))
    heard = kept.read(part)
    assert heard.dtype == np.float32
    np.testing.assert_allclose(
        heard, resample(tone, 44_100, 16_000)[16_000:24_000], atol=2 / 32_768
    )
    assert len(kept.read_native(Span(0, kept.n_samples))) == len(tone)


def test_what_is_at_16_khz_already_is_kept_once(tmp_path):
    tone = make_tone(1.0)
    path = write_audio(tmp_path / "a.wav", tone, subtype="FLOAT")
    kept = spool(path, tmp_path / "spool")
    np.testing.assert_array_equal(kept.read_native(Span(0, 160)), to_pcm16(tone[:160]))
    assert sorted(contents(tmp_path / "spool")) == ["heard.pcm", "spool.json"]


@pytest.mark.parametrize("seconds", [0.001, 0.37, 30.0])
def test_blocks_of_any_length_are_all_of_it(tmp_path, seconds):
    tone = make_tone(1.3)
    kept = spool(write_audio(tmp_path / "a.wav", tone, subtype="FLOAT"), tmp_path / "spool")
    np.testing.assert_array_equal(
        np.concatenate(list(kept.blocks(seconds))), from_pcm16(to_pcm16(tone))
    )


def test_rates_above_48_khz_are_kept_at_48(tmp_path):
    path = write_audio(tmp_path / "a.wav", make_tone(1.0, 96_000), 96_000)
    kept = spool(path, tmp_path / "spool")
    assert (kept.sample_rate_hz, kept.facts.source_sample_rate_hz) == (48_000, 96_000)
    assert len(kept.read_native(Span(0, 16_000))) == 48_000


def test_the_better_channel_is_taken_and_an_offset_removed(tmp_path):
    speech = make_speech(1, 10.0)
    hiss = np.random.default_rng(0).normal(0, 0.05, len(speech)).astype(np.float32)
    path = write_audio(tmp_path / "a.wav", np.stack([speech + hiss, speech + 0.05], axis=1))
    kept = spool(path, tmp_path / "spool")
    assert kept.facts.actions == ("offset_removed", "channel_taken:2:different")
    assert kept.facts.source_channels == 2
    wave = kept.read(Span(16_000, kept.n_samples))
    assert abs(float(wave.mean())) < 1e-3
    assert np.corrcoef(wave, speech[16_000:])[0, 1] > 0.99


def test_a_silent_beginning_does_not_choose_the_channel(tmp_path):
    silence = np.zeros(200 * 16_000, dtype=np.float32)
    voice = np.concatenate([silence, make_speech(1, 5.0)])
    path = write_audio(tmp_path / "a.wav", np.stack([np.zeros_like(voice), voice], axis=1))
    assert spool(path, tmp_path / "spool").facts.actions == ("channel_taken:2:empty",)


def test_samples_above_full_scale_are_brought_back_by_one_gain(tmp_path):
    tone = make_tone(2.0, level=1.6)
    kept = spool(write_audio(tmp_path / "a.wav", tone, subtype="FLOAT"), tmp_path / "spool")
    assert kept.facts.actions == ("over_full_scale",)
    np.testing.assert_allclose(kept.read(Span(0, 32_000)), tone / 1.6, atol=2 / 32_768)


def test_the_sound_is_what_ingest_hears_but_for_its_level(tmp_path):
    path = write_audio(tmp_path / "a.wav", make_speech(1, 3.0))
    prepared = prepare_recording(path, preparation_target(INGEST_PARAMS))
    kept = spool(path, tmp_path / "spool")
    gained = kept.read(Span(0, kept.n_samples)) * 10 ** (prepared.gain_db / 20)
    np.testing.assert_allclose(gained, from_pcm16(prepared.pcm), atol=2e-3)


def test_a_video_keeps_its_sound(tmp_path):
    path = tmp_path / "a.mp4"
    path.write_bytes(encode_video("mp4", make_tone(2.0, 48_000), 48_000, seconds=2.0))
    kept = spool(path, tmp_path / "spool")
    assert (kept.facts.container, kept.sample_rate_hz) == ("mp4", 48_000)
    assert kept.n_samples == pytest.approx(32_000, abs=1_600)


def test_a_file_that_was_cut_is_kept_as_far_as_it_goes(tmp_path):
    path = write_audio(tmp_path / "a.wav", make_speech(1, 4.0))
    path.write_bytes(path.read_bytes()[:64_045])
    kept = spool(path, tmp_path / "spool")
    assert kept.n_samples == 32_000
    assert "2.00 s can be heard; it was cut" in str(kept.facts.cut_short)


def test_what_is_there_is_taken(tmp_path):
    path = write_audio(tmp_path / "a.wav", make_tone())
    heard: list[float] = []
    first = spool(path, tmp_path / "spool", told=heard.append)
    assert heard[-1] == pytest.approx(0.6)
    heard.clear()
    assert spool(path, tmp_path / "spool", told=heard.append) == first
    assert heard == []
    write_audio(path, make_tone(1.0))
    assert spool(path, tmp_path / "spool").n_samples == 16_000


def test_what_is_not_whole_is_written_again(tmp_path):
    path = write_audio(tmp_path / "a.wav", make_tone(1.0, 48_000), 48_000)
    folder = tmp_path / "spool"
    spool(path, folder)
    whole = contents(folder)
    for damage in (
        lambda: (folder / "native.pcm").write_bytes(b"short"),
        (folder / "heard.pcm").unlink,
        lambda: (folder / "spool.json").write_text("{"),
        lambda: write_json(
            folder / "spool.json", read_json(folder / "spool.json") | {"version": 0}
        ),
    ):
        damage()
        assert open_spool(folder) is None
        spool(path, folder)
        assert contents(folder) == whole


def test_samples_that_went_missing_are_told(tmp_path):
    kept = spool(write_audio(tmp_path / "a.wav", make_tone()), tmp_path / "spool")
    (kept.folder / "heard.pcm").write_bytes(bytes(100))
    with pytest.raises(StageError, match="expected samples 0 to 160, got 50"):
        kept.read(Span(0, 160))


def test_a_recording_that_cannot_be_used_leaves_nothing(tmp_path):
    path = tmp_path / "a.mp4"
    path.write_bytes(encode_video("mp4", None))
    with pytest.raises(RecordingError) as caught:
        spool(path, tmp_path / "spools" / "spool")
    assert caught.value.code == "no_sound"
    assert list((tmp_path / "spools").iterdir()) == []


def test_a_disk_that_fills_leaves_nothing(tmp_path):
    path = write_audio(tmp_path / "a.wav", make_tone(30.0))
    bounds = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, bounds[1]))
    try:
        with pytest.raises(StorageError, match=r"cannot write the samples .*; nothing of it is"):
            spool(path, tmp_path / "spools" / "spool")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, bounds)
    assert list((tmp_path / "spools").iterdir()) == []
    assert spool(path, tmp_path / "spools" / "spool").n_samples == 480_000


def test_a_decoder_that_never_ends_is_given_up(tmp_path):
    path = write_audio(tmp_path / "a.wav", make_tone())
    with pytest.raises(RecordingError, match="took more than 0 s to decode") as caught:
        spool(path, tmp_path / "spools" / "spool", patience_s=0)
    assert caught.value.code == "decoder_failed"
    assert list((tmp_path / "spools").iterdir()) == []


def test_after_a_kill_the_next_run_writes_the_same_bytes(tmp_path):
    path = write_audio(tmp_path / "a.wav", make_speech(1, 30.0))
    spool(path, tmp_path / "whole")
    folder = tmp_path / "spools" / "spool"
    command = [sys.executable, "-m", "tests.fakes.spooling_child", str(path), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout.readline() == b"begun\n"
        os.kill(child.pid, signal.SIGKILL)
    assert not folder.exists()
    spool(path, folder)
    assert contents(folder) == contents(tmp_path / "whole")
    assert [each.name for each in folder.parent.iterdir()] == ["spool"]


_PEAK = """
import resource, sys
from pathlib import Path
from voxgate.audio.spool import spool_recording
kept = spool_recording(Path(sys.argv[1]), Path(sys.argv[2]), min_sample_rate_hz=16_000)
assert sum(len(block) for block in kept.blocks()) == kept.n_samples
# Not `ru_maxrss`: a process inherits that of the large one that started it.
own = next(line for line in Path("/proc/self/status").open() if line.startswith("VmHWM"))
print(int(own.split()[1]) // 1024)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def peak_mb(path, folder):
    """Return the largest memory of a process that spools and reads all, and of its decoder."""
    done = subprocess.run(
        [sys.executable, "-c", _PEAK, str(path), str(folder)], capture_output=True, check=True
    )
    return [int(line) for line in done.stdout.split()]


@pytest.mark.slow
def test_an_hour_needs_no_more_memory_than_a_few_minutes(tmp_path):
    minutes = np.tile(make_speech(1, 60.0), 4)
    short = write_audio(tmp_path / "short.g722", minutes)
    long = tmp_path / "long.g722"
    long.write_bytes(short.read_bytes() * 15)
    few, hour = peak_mb(short, tmp_path / "few"), peak_mb(long, tmp_path / "hour")
    assert open_spool(tmp_path / "hour").n_samples == 15 * len(minutes)
    assert hour[0] < few[0] + 15
    assert hour[1] < few[1] + 15
    assert max(hour) < 300
