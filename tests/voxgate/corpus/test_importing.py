"""Imports come into data/ whole, and decisions outlive them."""

import errno
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.fakes.imports import an_import, decide, doubtful, kept, silence
from tests.fakes.recordings import CONSENT, make_tone, write_audio
from voxgate.audio.encoding import encode_file
from voxgate.corpus.addition import AdditionRequest, add_recordings
from voxgate.corpus.consent import load_consents
from voxgate.corpus.cutting.records import clip_path, read_imports
from voxgate.corpus.importing import (
    EncodedClip,
    find_import,
    publish_import,
    put_originals_back,
    recompose,
)
from voxgate.corpus.manifest import read_manifest
from voxgate.errors import ConsentError, StorageError
from voxgate.stage import Workspace

RATE_HZ = 44_100
IMPORTED = an_import(kept(0, 2), silence(2, 3), doubtful(3, 5))
KEPT_ID, DOUBTFUL_ID = IMPORTED.clips


def flac(span, level=7):
    return encode_file(np.full(round(span.duration_s * RATE_HZ), level, np.int16), RATE_HZ, "flac")


def encode(_clip, span):
    return EncodedClip(flac=flac(span))


def encode_cleaned(clip, span):
    found = {"name": clip, "kept": clip == KEPT_ID}
    original = flac(span) if found["kept"] else None
    return EncodedClip(flac=flac(span, 3), original=original, cleaning=found)


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path)


def publish(workspace, imported=IMPORTED, *, consent=CONSENT, encode=encode):
    publish_import(imported, encode, workspace, consent=consent)


def level_of(workspace, clip):
    return soundfile.read(workspace.data_dir / clip_path(clip), dtype="int16")[0][0]


def ids(workspace):
    return [recording.recording_id for recording in read_manifest(workspace.manifest)]


def files_below(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_an_import_arrives_with_clips_consent_and_manifest(workspace):
    publish(workspace)
    assert ids(workspace) == [KEPT_ID]
    assert load_consents(workspace.data_dir / "consent.yaml") == {"anna": CONSENT}
    assert read_imports(workspace.data_dir) == [IMPORTED]
    for clip, seconds in ((KEPT_ID, 2), (DOUBTFUL_ID, 2)):
        facts = soundfile.info(workspace.data_dir / clip_path(clip))
        assert (facts.samplerate, facts.frames) == (RATE_HZ, seconds * RATE_HZ)


def test_nobody_is_imported_without_consent(workspace):
    with pytest.raises(ConsentError, match="'anna' has no consent record"):
        publish(workspace, consent=None)
    assert not workspace.data_dir.exists()


def test_importing_the_same_again_changes_no_byte(workspace):
    publish(workspace)
    before = files_below(workspace.data_dir)
    publish(workspace, consent=None)
    assert files_below(workspace.data_dir) == before


def test_another_cut_of_a_source_takes_the_place_of_the_first(workspace):
    publish(workspace)
    again = an_import(kept(0, 1), silence(1, 5))
    publish(workspace, again)
    assert ids(workspace) == list(again.clips)
    audio = workspace.data_dir / "audio/anna/talk-12345678"
    assert [path.stem for path in audio.iterdir()] == ["000000000-000001000"]


def test_recordings_that_were_added_by_hand_stay(workspace, tmp_path):
    takes = tmp_path / "takes"
    write_audio(takes / "one.wav", make_tone(hz=300.0))
    (takes / "takes.list").write_text("one.wav|A|EN|First.")
    add_recordings(
        AdditionRequest(folder=takes, speaker_id="anna", language="en", consent=CONSENT), workspace
    )
    publish(workspace)
    assert ids(workspace) == sorted([KEPT_ID, "anna/one"])
    assert (workspace.data_dir / "audio/anna/one.wav").is_file()


def test_adding_by_hand_leaves_imports_alone(workspace, tmp_path):
    publish(workspace)
    decide(workspace.data_dir, DOUBTFUL_ID, "reject")
    before = files_below(workspace.data_dir)
    test_recordings_that_were_added_by_hand_stay(workspace, tmp_path)
    after = files_below(workspace.data_dir)
    assert {path: after[path] for path in before if path != "manifest.csv"} == {
        path: data for path, data in before.items() if path != "manifest.csv"
    }


def test_two_speakers_of_one_recording_are_two_imports(workspace):
    publish(workspace)
    publish(workspace, an_import(silence(0, 3), kept(3, 5), speaker_id="ben"))
    assert len(ids(workspace)) == 2
    assert len(read_imports(workspace.data_dir)) == 2


def test_a_decision_outlives_an_import_of_the_same(workspace):
    publish(workspace)
    decide(workspace.data_dir, DOUBTFUL_ID, "accept", text="good night")
    recompose(workspace.data_dir)
    publish(workspace)
    assert ids(workspace) == [KEPT_ID, DOUBTFUL_ID]


def test_a_trimmed_clip_is_made_and_unmade(workspace):
    publish(workspace)
    decide(workspace.data_dir, DOUBTFUL_ID, "accept", trim_ms=(500, 1_500))
    recompose(workspace.data_dir)
    trimmed = "anna/talk-12345678/000003500-000004500"
    path = workspace.data_dir / clip_path(trimmed)
    assert ids(workspace) == [KEPT_ID, trimmed]
    assert soundfile.info(path).frames == RATE_HZ
    decide(workspace.data_dir, DOUBTFUL_ID, "reject")
    recompose(workspace.data_dir)
    assert ids(workspace) == [KEPT_ID]
    assert not path.exists()
    assert (workspace.data_dir / clip_path(DOUBTFUL_ID)).is_file()


def test_the_same_recording_and_settings_are_found_under_any_name(workspace):
    asked = {
        "speaker_id": "anna",
        "sha256": IMPORTED.source.sha256,
        "settings": IMPORTED.source.settings,
    }
    assert find_import(workspace.data_dir, **asked) is None
    publish(workspace)
    assert find_import(workspace.data_dir, **asked) == IMPORTED
    for other in ("speaker_id", "sha256", "settings"):
        assert find_import(workspace.data_dir, **{**asked, other: "other"}) is None


def test_an_import_whose_clips_are_gone_counts_as_none(workspace):
    publish(workspace)
    (workspace.data_dir / clip_path(KEPT_ID)).unlink()
    source = IMPORTED.source
    assert (
        find_import(
            workspace.data_dir,
            speaker_id="anna",
            sha256=source.sha256,
            settings=source.settings,
        )
        is None
    )


def test_a_full_disk_leaves_data_as_it_was(workspace, monkeypatch):
    publish(workspace)
    before = files_below(workspace.data_dir)
    calls = []

    def refuse(path, data):
        calls.append(path)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        return len(data)

    again = an_import(kept(0, 1), kept(1, 2), kept(2, 5))
    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(StorageError, match="No space left on device"):
        publish(workspace, again)
    monkeypatch.undo()
    assert files_below(workspace.data_dir) == before
    assert [path.name for path in workspace.root.iterdir() if path.name.endswith(".tmp")] == []


def test_a_source_with_no_clip_at_all_is_recorded(workspace):
    imported = an_import(silence(0, 5))
    publish(workspace, imported)
    assert ids(workspace) == []
    assert read_imports(workspace.data_dir) == [imported]


def test_the_original_of_a_cleaned_clip_stays_and_comes_back(workspace):
    publish(workspace, encode=encode_cleaned)
    folder = workspace.data_dir / "imports/anna/talk-12345678"
    rows = [json.loads(line) for line in (folder / "cleaning.jsonl").read_text().splitlines()]
    assert [(row["name"], row["kept"]) for row in rows] == [(KEPT_ID, True), (DOUBTFUL_ID, False)]
    (original,) = (folder / "originals").iterdir()
    assert soundfile.read(original, dtype="int16")[0][0] == 7
    assert level_of(workspace, KEPT_ID) == 3

    assert put_originals_back(workspace.data_dir) == 1
    assert level_of(workspace, KEPT_ID) == 7
    assert not list((folder / "originals").iterdir())
    assert put_originals_back(workspace.data_dir) == 0


def test_a_trimmed_clip_is_cut_again_from_the_original(workspace):
    publish(workspace, encode=encode_cleaned)
    decide(workspace.data_dir, KEPT_ID, "accept", trim_ms=[0, 1000])
    recompose(workspace.data_dir)
    (trimmed,) = ids(workspace)
    assert level_of(workspace, trimmed) == 3
    put_originals_back(workspace.data_dir)
    assert ids(workspace) == [trimmed]
    assert level_of(workspace, trimmed) == 7
