"""The file that a line means: taken if it can be only one, else a question."""

import unicodedata

import pytest

from voxgate.corpus.list_entries import Entry
from voxgate.corpus.source_files import SourceFolder, group_notes, shown_path
from voxgate.errors import CorpusError, UnsafePathError


@pytest.fixture
def folder(tmp_path):
    def make(*names):
        for name in names:
            path = tmp_path / "takes" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"x")
        return SourceFolder(tmp_path / "takes")

    return make


def find(source, path, *alternatives):
    return source.find(Entry(line=1, path=path, text="", alternatives=alternatives)).relative


@pytest.mark.parametrize(
    ("names", "written", "taken"),
    [
        (["a1.wav"], "D:\\GPT-SoVITS\\output\\slicer_opt\\a1.wav", "a1.wav"),
        (["slicer_opt/a1.wav"], "D:\\GPT-SoVITS\\output\\slicer_opt\\a1.wav", "slicer_opt/a1.wav"),
        (["wavs/a1.wav", "wavs/a2.wav"], "D:/output/slicer_opt/a1.wav", "wavs/a1.wav"),
        (["a1.wav", "s/b.wav"], "\\\\server\\share\\a1.wav", "a1.wav"),
        (["a1.wav", "s/b.wav"], "/home/me/takes/a1.wav", "a1.wav"),
        (["a1.wav", "s/b.wav"], "~/takes/a1.wav", "a1.wav"),
        (["a1.WAV"], "D:\\out\\A1.wav", "a1.WAV"),
        (["wavs/a1.wav"], "wavs\\a1.wav", "wavs/a1.wav"),
        (["a1.WAV"], "a1.wav", "a1.WAV"),
        (["Wavs/a1.wav"], "wavs/a1.wav", "Wavs/a1.wav"),
        (["a1.wav"], "\ufeffa1.wav", "a1.wav"),
        (["a1.wav"], "a\u200b1.wav", "a1.wav"),
    ],
)
def test_the_one_file_that_can_be_meant_is_taken(folder, names, written, taken):
    assert find(folder(*names), written) == taken


@pytest.mark.parametrize(("disk", "list_"), [("NFD", "NFC"), ("NFC", "NFD")])
def test_accents_may_be_written_in_two_ways(folder, disk, list_):
    source = folder(unicodedata.normalize(disk, "café.wav"))
    found = find(source, unicodedata.normalize(list_, "café.wav"))
    assert unicodedata.normalize("NFC", found) == unicodedata.normalize("NFC", "café.wav")


@pytest.mark.parametrize(
    ("names", "written", "said"),
    [
        (["anna/1.wav", "eva/1.wav", "2.wav"], "D:\\out\\1.wav", "several files could be meant"),
        (["1.wav", "eva/1.wav"], "D:\\out\\eva\\1.wav", "several files could be meant"),
        (["anna/1.wav", "2.wav"], "D:\\eva\\1.wav", "only anna/1.wav has that name"),
        (["a1.wav"], "D:\\out\\b1.wav", "no file of that name"),
        (["a1.wav"], "/etc/passwd.wav", "no file of that name"),
    ],
)
def test_a_path_of_another_machine_is_refused_if_it_could_be_several(folder, names, written, said):
    with pytest.raises(UnsafePathError, match=f"{said}.*relative to that folder"):
        find(folder(*names), written)


@pytest.mark.parametrize(
    ("names", "written", "said"),
    [
        (["a1.Wav", "A1.wav"], "a1.wav", "several files differ from it in spelling only"),
        (["wavs/a1.wav"], "a1.wav", "no such file below takes/; wavs/a1.wav has that name"),
        ([".hidden/a1.wav", "._a1.wav", "__MACOSX/a1.wav"], "a1.wav", "no such file below takes/$"),
        (["._a1.wav", "a1.wav"], "._a1.wav", "a hidden file"),
        (["a1.wav"], "a1.webm", "expected one of .*.wav; export it again"),
    ],
)
def test_a_file_that_is_not_there_is_looked_for(folder, names, written, said):
    with pytest.raises(CorpusError, match=said):
        find(folder(*names), written)


def test_an_id_means_the_one_file_that_has_it(folder):
    source = folder("wavs/a1.flac", "wavs/b1.wav", "wavs/b1.mp3")
    assert find(source, "wavs/a1.wav", "wavs/a1.flac", "wavs/a1.mp3") == "wavs/a1.flac"
    with pytest.raises(CorpusError, match="several files could be meant"):
        find(source, "wavs/b1.wav", "wavs/b1.mp3")


def test_a_link_out_of_the_folder_is_not_taken_by_its_name(folder, tmp_path):
    folder("x.wav")
    (tmp_path / "outside.wav").write_bytes(b"x")
    (tmp_path / "takes/link.wav").symlink_to(tmp_path / "outside.wav")
    with pytest.raises(UnsafePathError, match="symbolic link"):
        find(folder(), "D:\\out\\link.wav")


def test_what_was_taken_otherwise_is_said_once_a_kind(folder):
    source = folder("a.WAV", "b.WAV", "c.wav")
    entries = [Entry(line=1, path=path, text="") for path in ("a.wav", "b.wav", "D:\\c.wav")]
    notes = group_notes([(entry.path, source.find(entry)) for entry in entries])
    assert len(notes) == 2
    assert notes[0].startswith("2 lines have a path spelled otherwise")
    assert notes[0].endswith("('a.wav' is a.WAV)")
    assert notes[1].startswith("1 line has a path of another machine")


def test_a_path_is_shown_with_escapes_where_it_holds_what_none_sees():
    assert shown_path("a b.wav") == "a b.wav"
    assert shown_path("\ufeffa.wav") == "'\\ufeffa.wav'"
    assert shown_path("a.wav ") == "'a.wav '"
