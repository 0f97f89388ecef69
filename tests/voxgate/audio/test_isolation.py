"""Decoding in a process of its own: what a file does there stays there."""

import os
import signal
import time

import numpy as np
import pytest

from tests.fakes.encoded_audio import damaged_files, encode
from tests.fakes.ingested_corpus import make_speech
from tests.fakes.recordings import INGEST_PARAMS, make_tone, write_audio
from voxgate.audio.isolation import PreparationWorker
from voxgate.audio.preparation import prepare_recording
from voxgate.corpus.ingestion import preparation_target
from voxgate.errors import RecordingError

TARGET = preparation_target(INGEST_PARAMS)
SUFFIXES = ("wav", "flac", "ogg", "opus", "mp3", "m4a", "aiff", "mka", "aac")


@pytest.fixture
def worker():
    with PreparationWorker() as worker:
        yield worker


def fault_of(worker, path):
    with pytest.raises(RecordingError) as caught:
        worker.prepare(path, TARGET)
    return caught.value


def test_it_prepares_as_the_function_does(tmp_path, worker):
    path = write_audio(tmp_path / "a.wav", make_tone())
    one, other = worker.prepare(path, TARGET), prepare_recording(path, TARGET)
    np.testing.assert_array_equal(one.pcm, other.pcm)
    assert one.actions == other.actions
    assert fault_of(worker, tmp_path / "none.wav").code == "missing_file"


def test_a_recording_that_ends_the_process_costs_itself_only(tmp_path, worker):
    path = write_audio(tmp_path / "a.wav", make_tone())
    worker.prepare(path, TARGET)
    os.kill(worker._process.pid, signal.SIGSEGV)
    fault = fault_of(worker, path)
    assert fault.code == "decoder_failed"
    assert "signal 11" in str(fault)
    assert len(worker.prepare(path, TARGET).pcm)


def test_a_recording_that_never_ends_is_given_up(tmp_path):
    path = write_audio(tmp_path / "a.wav", make_tone())
    with PreparationWorker(patience_s=0.3) as worker:
        worker._start()
        os.kill(worker._process.pid, signal.SIGSTOP)
        fault = fault_of(worker, path)
    assert (fault.code, "0.3 s" in str(fault)) == ("decoder_failed", True)


def test_a_recording_that_asks_for_too_much_memory_is_a_fault(tmp_path):
    path = write_audio(tmp_path / "a.wav", np.zeros((48_000 * 4, 8), dtype=np.float32), 48_000)
    with PreparationWorker(memory_bytes=1 << 20) as worker:
        assert fault_of(worker, path).code in {"decoder_failed", "unreadable"}


def test_an_interrupt_is_left_to_the_parent(tmp_path, worker):
    path = write_audio(tmp_path / "a.wav", make_tone())
    worker.prepare(path, TARGET)
    os.kill(worker._process.pid, signal.SIGINT)
    assert len(worker.prepare(path, TARGET).pcm)


def test_the_process_ends_with_the_worker(tmp_path):
    with PreparationWorker() as worker:
        worker.prepare(write_audio(tmp_path / "a.wav", make_tone()), TARGET)
        pid = worker._process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def answer_to(worker, path):
    """Return the code of a fault, or "prepared"; anything else is raised."""
    try:
        worker.prepare(path, TARGET)
    except RecordingError as error:
        fault = error
    else:
        return "prepared"
    assert path.name in str(fault)
    assert str(path.parent) not in str(fault)
    return fault.code


def prepare_damaged(tmp_path, worker, seed, count):
    """Prepare damaged files; return (codes, worst seconds). Anything but a fault is raised."""
    samples = {suffix: encode(suffix, make_speech(1, 1.0)) for suffix in SUFFIXES}
    codes, worst_s = {}, 0.0
    for name, data in damaged_files(samples, seed, count):
        path = tmp_path / name
        path.write_bytes(data)
        begun = time.perf_counter()
        code = answer_to(worker, path)
        worst_s = max(worst_s, time.perf_counter() - begun)
        codes[code] = codes.get(code, 0) + 1
        path.unlink()
    return codes, worst_s


def test_two_hundred_damaged_files_are_two_hundred_answers(tmp_path, worker):
    codes, worst_s = prepare_damaged(tmp_path, worker, seed=1, count=200)
    assert sum(codes.values()) == 200
    assert worst_s < 30
    assert "decoder_failed" not in codes, codes
    assert codes["prepared"] > 40, codes  # damage is not everywhere, and what is whole is used


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 7))
def test_a_thousand_damaged_files_are_a_thousand_answers(tmp_path, worker, seed):
    codes, worst_s = prepare_damaged(tmp_path, worker, seed, count=200)
    assert (sum(codes.values()), worst_s < 30) == (200, True)
