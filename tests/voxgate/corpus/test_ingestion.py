"""Each recording becomes audio or a fault, and is decoded once."""

import pickle
import platform
import shutil
from dataclasses import replace

import numpy as np
import pytest

from tests.fakes.preparing import Dying, Elsewhere, PreparingHere
from tests.fakes.recordings import (
    CONSENT,
    INGEST_PARAMS,
    list_recording,
    make_tone,
    write_audio,
)
from voxgate.adapters.executors.processes import ProcessExecutor
from voxgate.audio.preparation import prepare_recording
from voxgate.content_cache import ContentCache
from voxgate.corpus.ingestion import ingest_recordings, preparation_target
from voxgate.corpus.manifest import Recording
from voxgate.corpus.prepared_recordings import PreparingRecordings
from voxgate.errors import StageError, WorkerDiedError
from voxgate.executors import SerialExecutor
from voxgate.files import digest_file

TARGET = preparation_target(INGEST_PARAMS)


@pytest.fixture
def ingest(tmp_path):
    def run(*recordings, target=TARGET, consents=None, work=PreparingHere, executor=None, **how):
        cache = ContentCache(tmp_path / "cache", "ingest")
        return list(
            ingest_recordings(
                recordings,
                work(tmp_path / "data", target, cache, **how),
                consents={"tone": CONSENT} if consents is None else consents,
                executor=executor or SerialExecutor(),
            )
        )

    return run


def add_tone(tmp_path, name, **options):
    recording = list_recording(name)
    write_audio(tmp_path / "data" / recording.path, make_tone(**options))
    return recording


def test_what_a_recording_was_is_kept_beside_what_it_became(tmp_path, ingest):
    clip = ingest(add_tone(tmp_path, "a", seconds=1.0))[0]
    assert clip.fault is None
    assert clip.audio.source_duration_s == 1.0
    assert len(clip.source_sha256) == 64


def last_bits_changed(path, target):
    prepared = prepare_recording(path, target)
    pcm = prepared.pcm.copy()
    pcm[::7] += 1
    return replace(prepared, pcm=pcm, gain_db=np.nextafter(prepared.gain_db, 99))


def test_a_clip_id_does_not_depend_on_the_processor(tmp_path, ingest):
    recording = add_tone(tmp_path, "a")
    here = ingest(recording)[0]
    shutil.rmtree(tmp_path / "cache")
    there = ingest(recording, decode=last_bits_changed)[0]
    assert not np.array_equal(there.audio.pcm, here.audio.pcm)
    assert there.clip_id == here.clip_id


def test_a_clip_id_depends_on_how_it_is_prepared(tmp_path, ingest):
    recording = add_tone(tmp_path, "a")
    louder = preparation_target(INGEST_PARAMS.model_copy(update={"loudness_lufs": -20.0}))
    assert ingest(recording, target=louder)[0].clip_id != ingest(recording)[0].clip_id


def test_a_clip_id_depends_on_recording_and_recording_id(tmp_path, ingest):
    recordings = [add_tone(tmp_path, name, hz=hz) for name, hz in (("a", 1e2), ("b", 1e2))]
    one, other = ingest(*recordings)
    assert one.clip_id != other.clip_id
    assert len(one.clip_id) == 16
    write_audio(tmp_path / "data" / recordings[0].path, make_tone(hz=200.0))
    assert ingest(recordings[0])[0].clip_id != one.clip_id


def test_a_recording_is_prepared_once(tmp_path, ingest):
    recordings = [add_tone(tmp_path, "a"), list_recording("b")]
    (tmp_path / "data" / recordings[1].path).write_bytes(b"RIFF")
    first = ingest(*recordings)
    second = ingest(*recordings, decode=None)
    assert [clip.clip_id for clip in second] == [clip.clip_id for clip in first]
    assert second[0].audio.actions == first[0].audio.actions
    assert second[1].fault == first[1].fault


def test_another_parameter_prepares_again(tmp_path, ingest):
    recording = add_tone(tmp_path, "a")
    louder = preparation_target(INGEST_PARAMS.model_copy(update={"loudness_lufs": -20.0}))
    one, other = ingest(recording)[0], ingest(recording, target=louder)[0]
    assert other.audio.gain_db == pytest.approx(one.audio.gain_db + 3.0, abs=0.01)


def test_a_speaker_without_consent_is_not_even_read(tmp_path, ingest):
    clip = ingest(add_tone(tmp_path, "a"), consents={})[0]
    assert clip.fault.code == "consent_missing"
    assert clip.source_sha256 is None
    assert "'tone' has no record" in clip.fault.message


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("../outside.wav", "unsafe_path"),
        ("/etc/hostname", "unsafe_path"),
        ("audio/link.wav", "unsafe_path"),
        ("audio/absent.wav", "missing_file"),
        ("audio", "missing_file"),
    ],
)
def test_a_path_that_leads_nowhere_good_is_a_fault(tmp_path, ingest, path, code):
    write_audio(tmp_path / "outside.wav", make_tone())
    (tmp_path / "data" / "audio").mkdir(parents=True)
    (tmp_path / "data" / "audio" / "link.wav").symlink_to(tmp_path / "outside.wav")
    clip = ingest(Recording("x", path, "tone", "en", ""))[0]
    assert (clip.audio, clip.fault.code) == (None, code)


def test_a_damaged_cache_entry_is_made_again(tmp_path, ingest):
    recording = add_tone(tmp_path, "a")
    first = ingest(recording)[0]
    for path in (tmp_path / "cache").rglob("*.npz"):
        path.write_bytes(path.read_bytes()[:100])
    assert ingest(recording)[0].clip_id == first.clip_id


def test_what_may_not_be_read_keeps_its_place_among_the_others(tmp_path, ingest):
    first, last = add_tone(tmp_path, "a", hz=100.0), add_tone(tmp_path, "z", hz=300.0)
    stranger = replace(add_tone(tmp_path, "b", hz=200.0), speaker_id="stranger")
    clips = ingest(first, stranger, list_recording("gone"), last)
    codes = [clip.fault and clip.fault.code for clip in clips]
    assert codes == [None, "consent_missing", "missing_file", None]
    assert [clip.recording for clip in clips] == [first, stranger, list_recording("gone"), last]
    digests = [digest_file(tmp_path / "data" / recording.path) for recording in (first, last)]
    assert [clip.source_sha256 for clip in clips] == [digests[0], None, None, digests[1]]


def test_a_file_that_a_worker_does_not_see_is_no_fault_of_the_recording(tmp_path, ingest):
    recording = add_tone(tmp_path, "a")
    with pytest.raises(
        StageError, match=r"audio/tone/a.wav: the machine that runs ingest saw"
    ) as e:
        ingest(recording, work=Elsewhere, seen=tmp_path / "not-mounted")
    assert platform.node() in str(e.value)
    assert str(tmp_path / "not-mounted" / recording.path) in str(e.value)


def test_equal_works_are_one(tmp_path):
    cache = ContentCache(tmp_path / "cache", "ingest")
    one, other = (PreparingRecordings(tmp_path, TARGET, cache) for _ in range(2))
    assert one == other == pickle.loads(pickle.dumps(one))


@pytest.mark.slow
def test_a_recording_that_always_ends_its_worker_is_named(tmp_path, ingest):
    recordings = [add_tone(tmp_path, name) for name in "abc"]
    with (
        ProcessExecutor(2) as executor,
        pytest.raises(WorkerDiedError, match=r"audio/tone/b.wav: .*ended the process"),
    ):
        ingest(*recordings, work=Dying, at=recordings[1].path, executor=executor)
