"""What a person names, and what is found there."""

import pytest

from voxgate.corpus.recording_files import find_recordings, match_transcripts
from voxgate.errors import CorpusError

SUFFIXES = frozenset({".srt", ".txt"})


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "podcast"


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


def touch(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def test_recordings_of_a_folder_are_found_by_suffix(folder, data):
    touch(folder, "b.WAV", "a/one.mp4", "cover.jpg", ".DS_Store", "._b.wav")
    found = find_recordings([folder], outside=data)
    assert [path.name for path in found.paths] == ["one.mp4", "b.WAV"]
    assert [path.name for path in found.ignored] == ["cover.jpg"]


def test_a_named_file_is_taken_whatever_it_is_called(folder, data):
    touch(folder, "memo.amr", "b.wav")
    found = find_recordings([folder / "memo.amr", folder, folder / "b.wav"], outside=data)
    assert [path.name for path in found.paths] == ["memo.amr", "b.wav"]


def test_what_is_not_there_is_named(folder, data):
    with pytest.raises(CorpusError, match="expected a recording or a folder of them"):
        find_recordings([folder], outside=data)


def test_a_folder_without_recordings_says_what_was_expected(folder, data):
    touch(folder, "cover.jpg")
    with pytest.raises(CorpusError, match=r"expected recordings \(.*\.flac.*\), found none"):
        find_recordings([folder], outside=data)


def test_data_is_not_imported_into_itself(data):
    touch(data, "audio/one.wav")
    with pytest.raises(CorpusError, match="from outside it"):
        find_recordings([data / "audio"], outside=data)


def test_transcripts_belong_to_recordings_of_their_name(folder):
    touch(folder, "a.wav", "b.wav", "texts/A.srt", "texts/notes.pdf")
    recordings = [folder / "a.wav", folder / "b.wav"]
    matched = match_transcripts(recordings, folder / "texts", SUFFIXES)
    assert matched == {folder / "a.wav": folder / "texts/A.srt"}


def test_one_file_belongs_to_one_recording(folder):
    touch(folder, "a.wav", "b.wav", "x.txt")
    assert match_transcripts([folder / "a.wav"], folder / "x.txt", SUFFIXES)
    with pytest.raises(CorpusError, match="one file for 2 recordings"):
        match_transcripts([folder / "a.wav", folder / "b.wav"], folder / "x.txt", SUFFIXES)


def test_tracks_of_equal_names_are_told_apart_by_their_folders(folder):
    touch(folder, "1/a.wav", "2/a.wav", "texts/1/a.txt", "texts/2/a.txt")
    recordings = [folder / "1/a.wav", folder / "2/a.wav"]
    matched = match_transcripts(recordings, folder / "texts", SUFFIXES)
    assert [path.parent.name for path in matched.values()] == ["1", "2"]


def test_a_text_that_could_be_of_two_recordings_is_refused(folder):
    touch(folder, "1/a.wav", "2/a.wav", "texts/a.txt")
    recordings = [folder / "1/a.wav", folder / "2/a.wav"]
    with pytest.raises(CorpusError, match="not clear whose transcript"):
        match_transcripts(recordings, folder / "texts", SUFFIXES)


def test_two_texts_for_one_recording_are_refused(folder):
    touch(folder, "a.wav", "texts/a.txt", "texts/a.srt")
    with pytest.raises(CorpusError, match=r"several transcripts fit: a\.srt, a\.txt"):
        match_transcripts([folder / "a.wav"], folder / "texts", SUFFIXES)


def test_transcripts_that_fit_nothing_are_refused(folder):
    touch(folder, "a.wav", "texts/b.txt")
    with pytest.raises(CorpusError, match=r"such as a\.srt, found none"):
        match_transcripts([folder / "a.wav"], folder / "texts", SUFFIXES)
    with pytest.raises(CorpusError, match="expected a file or a folder"):
        match_transcripts([folder / "a.wav"], folder / "nowhere", SUFFIXES)
