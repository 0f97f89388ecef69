"""Adding one's own recordings: all or nothing, and never without consent."""

import dataclasses
import errno
import os
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.fakes.recordings import CONSENT, make_tone, write_audio
from voxgate.corpus.addition import AdditionRequest, add_recordings, plan_addition, write_addition
from voxgate.corpus.consent import ConsentScope, load_consents
from voxgate.corpus.manifest import read_manifest
from voxgate.errors import ConsentError, CorpusError, ManifestError, StorageError, TextError
from voxgate.stage import Workspace


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "takes"
    for name, hz in (("one.wav", 300.0), ("sub/two.flac", 400.0), ("three.mp3", 500.0)):
        write_audio(folder / name, make_tone(hz=hz))
    write_list(folder, "one.wav|A|EN|First.", "sub/two.flac|A|EN|x | y", "three.mp3|A|EN|")
    return folder


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


def write_list(folder, *lines):
    folder.mkdir(exist_ok=True)
    (folder / "takes.list").write_text("\n".join(lines), encoding="utf-8")


def request_for(folder, **changes):
    request = AdditionRequest(folder=folder, speaker_id="anna", language="en", consent=CONSENT)
    return dataclasses.replace(request, **changes)


def add(folder, data, **changes):
    addition = plan_addition(request_for(folder, **changes), data)
    write_addition(addition, data)
    return addition


def faults_of(folder, data, **changes):
    with pytest.raises(ManifestError) as caught:
        plan_addition(request_for(folder, **changes), data)
    return caught.value.faults


def test_recordings_texts_and_consent_arrive(source, data):
    addition = add(source, data)
    assert (addition.added, addition.replaced, addition.unchanged) == (3, 0, 0)
    rows = read_manifest(data / "manifest.csv")
    assert [(row.recording_id, row.text) for row in rows] == [
        ("anna/one", "First."),
        ("anna/sub/two", "x | y"),
        ("anna/three", ""),
    ]
    for row in rows:
        original = source / row.path.removeprefix("audio/anna/")
        assert (data / row.path).read_bytes() == original.read_bytes()
    assert load_consents(data / "consent.yaml") == {"anna": CONSENT}


def test_a_second_speaker_joins_the_first(source, data):
    add(source, data)
    add(source, data, speaker_id="ben")
    assert len(read_manifest(data / "manifest.csv")) == 6
    assert sorted(load_consents(data / "consent.yaml")) == ["anna", "ben"]
    assert (data / "audio/anna/one.wav").is_file()


def test_adding_the_same_again_changes_nothing(source, data):
    add(source, data)
    again = plan_addition(request_for(source, consent=None), data)
    assert (again.added, again.replaced, again.unchanged) == (0, 0, 3)
    assert again.copies == {}


def test_another_recording_under_a_known_id_needs_replace(source, data):
    add(source, data)
    write_audio(source / "one.wav", make_tone(hz=900.0))
    assert "--replace" in faults_of(source, data)[0]
    addition = add(source, data, replace=True)
    assert (addition.replaced, addition.unchanged) == (1, 2)
    assert (data / "audio/anna/one.wav").read_bytes() == (source / "one.wav").read_bytes()


def test_replacing_by_another_format_leaves_no_orphan(source, data):
    add(source, data)
    write_audio(source / "one.flac", make_tone(hz=900.0))
    (source / "one.wav").unlink()
    write_list(source, "one.flac|A|EN|First.")
    add(source, data, replace=True)
    assert not (data / "audio/anna/one.wav").exists()
    assert (data / "audio/anna/one.flac").exists()


def test_replacing_does_not_write_through_to_the_old_data(source, data, tmp_path):
    add(source, data)
    shutil.copytree(data, tmp_path / "kept", copy_function=os.link)
    write_audio(source / "one.wav", make_tone(hz=900.0))
    before = (tmp_path / "kept/audio/anna/one.wav").read_bytes()
    add(source, data, replace=True)
    assert (tmp_path / "kept/audio/anna/one.wav").read_bytes() == before


def test_no_speaker_without_consent(source, data):
    with pytest.raises(ConsentError, match=r"no consent record.*--consent FILE"):
        plan_addition(request_for(source, consent=None), data)
    assert not data.exists()


def test_a_known_speaker_keeps_the_record(source, data):
    add(source, data)
    other = CONSENT.model_copy(update={"scope": ConsentScope.PUBLICATION})
    with pytest.raises(ConsentError, match="another consent record"):
        plan_addition(request_for(source, consent=other), data)


def test_every_fault_of_the_list_is_reported_and_nothing_is_written(source, data, tmp_path):
    write_audio(tmp_path / "outside.wav", make_tone())
    (source / "link.wav").symlink_to(tmp_path / "outside.wav")
    (source / "notes.txt").write_text("x")
    write_list(
        source,
        "../outside.wav|A|EN|x",
        f"{tmp_path}/outside.wav|A|EN|x",
        "link.wav|A|EN|x",
        "absent.wav|A|EN|x",
        "notes.txt|A|EN|x",
        "one.wav|A|ZH|x",
        "three.mp3|A|EN|x",
        "three.mp3|A|EN|y",
    )
    faults = faults_of(source, data)
    expected = (
        "line 1: path '../outside.wav': '..' leaves takes/",
        "line 2: path",
        "line 3: path 'link.wav': a symbolic link leads out of takes/",
        "line 4: absent.wav: no such file below takes/",
        "line 5: notes.txt: expected one of",
        "line 6: language 'ZH', but --language is en",
        "line 8: recording_id 'anna/three' is on line 7 already",
    )
    assert len(faults) == len(expected)
    for fault, start in zip(faults, expected, strict=True):
        assert fault.startswith(start)
    assert "absolute" in faults[1]
    assert not data.exists()


def test_two_files_that_differ_by_suffix_only_share_an_id(source, data):
    write_audio(source / "one.flac", make_tone())
    write_list(source, "one.wav|A|EN|x", "one.flac|A|EN|x")
    assert "ids must be unique" in faults_of(source, data)[0]


def test_a_path_of_another_recording_is_not_overwritten(source, data):
    (source / "takes.list").unlink()
    (source / "takes.csv").write_text("path,text,recording_id\none.wav,x,special\n")
    add(source, data)
    (source / "takes.csv").write_text("path,text\none.wav,x\n")
    write_audio(source / "one.wav", make_tone(hz=900.0))
    assert "belongs to recording 'anna/special'" in faults_of(source, data)[0]


def test_a_list_of_several_speakers_asks_for_one(source, data):
    write_list(source, "one.wav|A|EN|x", "three.mp3|B|EN|y")
    assert "--only NAME" in faults_of(source, data)[0]
    addition = add(source, data, only_speaker="B")
    assert (addition.added, addition.other_speakers) == (1, 1)
    assert "no line of speaker 'C'" in faults_of(source, data, only_speaker="C")[0]


def test_files_that_the_list_does_not_name_are_reported(source, data):
    write_list(source, "one.wav|A|EN|x")
    assert add(source, data).unlisted == ("sub/two.flac", "three.mp3")


@pytest.mark.parametrize("speaker", ["", "an na", "../x", "a/b"])
def test_a_speaker_id_cannot_be_a_path(source, data, speaker):
    assert "speaker_id" in faults_of(source, data, speaker_id=speaker)[0]


def test_a_folder_in_data_is_no_source(source, data):
    add(source, data)
    with pytest.raises(CorpusError, match="outside it"):
        plan_addition(request_for(data / "audio"), data)
    with pytest.raises(CorpusError, match="found none"):
        plan_addition(request_for(source / "absent"), data)


def test_another_spelling_is_added_under_the_name_on_disk_and_said(source, data):
    write_audio(source / "Cafe\u0301.WAV", make_tone(hz=700.0))
    write_list(source, "caf\u00e9.wav|A|EN|x")
    addition = add(source, data)
    assert [r.recording_id for r in addition.recordings] == ["anna/Caf\u00e9"]
    assert (data / "audio/anna/Caf\u00e9.WAV").is_file()
    assert "1 line has a path spelled otherwise" in addition.notes[0]
    assert addition.unlisted == ("one.wav", "sub/two.flac", "three.mp3")


def test_two_lines_of_one_file_are_refused(source, data):
    (source / "takes.list").unlink()
    text = "path,text,recording_id\none.wav,x,first\nONE.wav,y,second\n"
    (source / "takes.csv").write_text(text)
    assert faults_of(source, data) == ("line 3: ONE.wav: means the same file as line 2",)


@pytest.mark.parametrize("written", ["en-US", "EN_us", "English", "eng"])
def test_a_language_may_be_written_in_several_ways(source, data, written):
    write_list(source, f"one.wav|A|{written}|x")
    assert add(source, data, language=written).recordings[0].language == "en"


def test_a_language_without_a_front_end_is_refused_at_once(source, data):
    with pytest.raises(TextError, match="'es' has no text front end; there are: en"):
        plan_addition(request_for(source, language="es"), data)
    assert not data.exists()


def test_files_that_a_mac_leaves_are_no_recordings(source, data):
    write_list(source, "one.wav|A|EN|x", "sub/two.flac|A|EN|y", "three.mp3|A|EN|z")
    for name in ("._one.wav", "__MACOSX/one.wav", ".DS_Store", "._takes.list"):
        (source / name).parent.mkdir(exist_ok=True)
        (source / name).write_bytes(b"\0")
    assert add(source, data).unlisted == ()


def test_speakers_that_differ_in_letter_case_only_do_not_join(source, data):
    add(source, data)
    with pytest.raises(ConsentError, match="differs from 'anna' in letter case only"):
        plan_addition(request_for(source, speaker_id="Anna"), data)


def test_recordings_of_others_do_not_enter_under_one_consent(source, data):
    (source / "takes.list").unlink()
    for name in ("a1", "a2", "b1"):
        write_audio(source / f"wavs/{name}.wav", make_tone(hz=500.0 + ord(name[0]) + ord(name[1])))
    (source / "metadata.csv").write_text("a1|sarah|Hi there\na2|sarah|Good day\nb1|adam|Well\n")
    assert "lines of 2 speakers (adam, sarah); add one" in faults_of(source, data)[0]
    addition = add(source, data, only_speaker="sarah")
    assert [r.recording_id for r in addition.recordings] == ["anna/wavs/a1", "anna/wavs/a2"]
    assert addition.other_speakers == 1


def test_lines_of_nobody_do_not_join_those_of_somebody(source, data):
    write_list(source, "one.wav|A|EN|x", "three.mp3||EN|y")
    assert faults_of(source, data) == ("line 2: no speaker, in a list that names one ('A')",)
    assert add(source, data, only_speaker="A").added == 1


def test_another_name_of_the_speaker_is_said(source, data):
    assert plan_addition(request_for(source), data).notes == (
        "the list names the speaker 'A'; its lines are added as 'anna'",
    )
    assert plan_addition(request_for(source, speaker_id="a"), data).notes == ()


def test_a_full_disk_leaves_data_as_it_was(source, data, monkeypatch):
    write_list(source, "one.wav|A|EN|First.")
    add(source, data)
    before = {p: p.read_bytes() for p in data.rglob("*") if p.is_file()}
    write_list(source, "sub/two.flac|A|EN|x", "three.mp3|A|EN|y")
    addition = plan_addition(request_for(source), data)
    copy = shutil.copyfile

    def fail_on_the_second(origin, target):
        if origin.name == "three.mp3":
            raise OSError(errno.ENOSPC, "No space left on device")
        return copy(origin, target)

    monkeypatch.setattr(shutil, "copyfile", fail_on_the_second)
    with pytest.raises(StorageError, match="No space left"):
        write_addition(addition, data)
    assert {p: p.read_bytes() for p in data.rglob("*") if p.is_file()} == before
    assert [path.name for path in data.parent.glob(".data*")] == []


def test_an_empty_data_folder_is_like_none(source, data):
    (data / "audio").mkdir(parents=True)
    assert add(source, data).added == 3
    assert len(read_manifest(data / "manifest.csv")) == 3


def test_of_two_additions_at_once_the_second_plans_on_what_the_first_wrote(source, tmp_path):
    workspace = Workspace(tmp_path)
    requests = [request_for(source, speaker_id=f"speaker{n}") for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda request: add_recordings(request, workspace), requests))
    assert [addition.added for addition in done] == [3] * 4
    assert len(read_manifest(workspace.manifest)) == 12
    assert sorted(load_consents(workspace.data_dir / "consent.yaml")) == [
        request.speaker_id for request in requests
    ]


def test_checkouts_whose_data_is_one_folder_have_one_lock(tmp_path):
    big = tmp_path / "big"
    big.mkdir()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "data").symlink_to(big)
    assert Workspace(tmp_path / "one").data_lock == Workspace(tmp_path / "two").data_lock
