"""The lists in which people keep recordings."""

from pathlib import Path

import pytest

from voxgate.corpus.layouts import Layout, read_list
from voxgate.corpus.list_entries import Entry
from voxgate.errors import ManifestError


def write(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def faults_of(tmp_path, layout):
    with pytest.raises(ManifestError) as caught:
        read_list(tmp_path, layout=layout)
    return caught.value.faults


@pytest.mark.parametrize(
    ("name", "text", "layout"),
    [
        ("anna.list", "a.wav|anna|EN|Hello.\n", Layout.GPT_SOVITS),
        ("metadata.csv", "LJ001|Mr. A|Mister A\n", Layout.LJSPEECH),
        ("metadata.csv", "path,text\na.wav,Hello.\n", Layout.CSV),
        ("takes.csv", "path,text\na.wav,Hello.\n", Layout.CSV),
    ],
)
def test_the_layout_is_recognised(tmp_path, name, text, layout):
    found = read_list(write(tmp_path, name, text))
    assert (found.layout, found.path) == (layout, tmp_path / name)


def test_two_lists_are_a_question_not_a_guess(tmp_path):
    write(tmp_path, "a.list", "")
    write(tmp_path, "b.csv", "path,text\n")
    with pytest.raises(ManifestError, match=r"found a\.list, b\.csv"):
        read_list(tmp_path)


def test_no_list_says_what_is_expected(tmp_path):
    with pytest.raises(ManifestError, match=r"NAME\.list.*found none"):
        read_list(tmp_path)


def test_a_text_may_contain_the_separator_of_a_list(tmp_path):
    write(tmp_path, "a.list", "a.wav|anna|EN|either | or\n")
    assert read_list(tmp_path, layout=Layout.GPT_SOVITS).entries == (
        Entry(line=1, path="a.wav", text="either | or", speaker="anna", language="EN"),
    )


def test_every_broken_line_of_a_list_is_named(tmp_path):
    write(tmp_path, "a.list", "a.wav|anna\nb.wav|anna|EN|fine\n\nc.wav\nd.wav|x|y\n")
    assert [fault.split(":")[0] for fault in faults_of(tmp_path, Layout.GPT_SOVITS)] == [
        "line 1",
        "line 4",
        "line 5",
    ]


def test_ljspeech_takes_what_was_said(tmp_path):
    write(tmp_path, "metadata.csv", "LJ1|Mr. A|Mister A\nLJ2|plain\nLJ3|plain|\n")
    entries = read_list(tmp_path, layout=Layout.LJSPEECH).entries
    assert [entry.text for entry in entries] == ["Mister A", "plain", "plain"]
    assert entries[0].path == "wavs/LJ1.wav"


def test_ljspeech_refuses_an_ambiguous_separator(tmp_path):
    write(tmp_path, "metadata.csv", "LJ1|a|b|c\n|x\n")
    faults = faults_of(tmp_path, Layout.LJSPEECH)
    assert "got 4 fields" in faults[0]
    assert "line 2" in faults[1]


def test_a_csv_takes_its_columns_in_any_order(tmp_path):
    write(tmp_path, "a.csv", 'text,Path,recording_id\n"one, two | three",a.wav,first\n')
    entry = read_list(tmp_path, layout=Layout.CSV).entries[0]
    assert (entry.path, entry.text, entry.name) == ("a.wav", "one, two | three", "first")


def test_a_csv_with_unknown_columns_or_broken_lines_is_refused(tmp_path):
    write(tmp_path, "a.csv", "path,text,mood\n")
    assert "path,text,mood" in faults_of(tmp_path, Layout.CSV)[0]
    write(tmp_path, "a.csv", 'path,text\na.wav,one, two\nb.wav,"open\nc.wav,fine\n')
    assert len(faults_of(tmp_path, Layout.CSV)) == 2


@pytest.mark.parametrize("layout", list(Layout))
def test_an_empty_list_is_a_fault(tmp_path, layout):
    name = {"gpt-sovits": "a.list", "csv": "a.csv", "ljspeech": "metadata.csv"}[layout]
    write(tmp_path, name, "path,text\n" if layout is Layout.CSV else "\n")
    assert "no line" in faults_of(tmp_path, layout)[0]


def test_a_list_in_another_encoding_is_refused(tmp_path):
    (tmp_path / "a.list").write_bytes("a.wav|anna|EN|café".encode("latin-1"))
    assert "expected UTF-8" in faults_of(tmp_path, Layout.GPT_SOVITS)[0]


def test_one_of_two_lists_can_be_chosen(tmp_path):
    write(tmp_path, "train.list", "a.wav|anna|EN|one\n")
    write(tmp_path, "val.list", "b.wav|anna|EN|two\n")
    with pytest.raises(
        ManifestError, match=r"found train\.list, val\.list; choose one with --list"
    ):
        read_list(tmp_path)
    found = read_list(tmp_path, chosen=Path("val.list"))
    assert [entry.path for entry in found.entries] == ["b.wav"]
    assert read_list(tmp_path, chosen=tmp_path / "val.list").entries == found.entries


@pytest.mark.parametrize(
    ("lines", "speakers"),
    [
        (["a1|sarah|Hi there", "a2|sarah|Good day", "b1|adam|Well"], "sarah sarah adam"),
        (["a1|3|Hi there", "a2|3|Good day", "b1|17|Well"], "3 3 17"),
        (["a1|Hi there|sarah", "a2|Good day|sarah", "b1|Well now|adam"], "sarah sarah adam"),
        (["sarah|a1|Hi there", "sarah|a2|Good day", "adam|b1|Well"], "sarah sarah adam"),
        (["id|speaker|text", "a1|sarah|Hi", "b1|adam|Well"], "sarah adam"),
        (["wav|text|speaker_name", "a1.wav|Hi|sarah", "b1.wav|Well|adam"], "sarah adam"),
        (["p225_001|Hi there", "p226_001|Well"], "p225 p226"),
        (["p225/p225_001|Hi there", "p226/p226_001|Well"], "p225 p226"),
        (["84_121123_000001_000000|Hi", "85_121124_000001_000000|Well"], "84 85"),
    ],
)
def test_a_column_of_speakers_is_no_transcript(tmp_path, lines, speakers):
    write(tmp_path, "metadata.csv", "\n".join(lines))
    found = read_list(tmp_path)
    assert [entry.speaker for entry in found.entries] == speakers.split()
    assert {entry.text for entry in found.entries} & {"sarah", "adam", "3"} == set()
    assert found.entries[0].text.startswith("Hi")
    assert len(found.notes) == 1


@pytest.mark.parametrize(
    "lines",
    [
        ["a1|sarah|Hi there", "b1|adam|Well now"],
        ["a1|sarah|Hi there"],
        ["c1|Mr. A|Mister A", "c2|x y|x y", "c3|z|z", "a1|sarah|Hi there", "a2|sarah|Good day"],
    ],
)
@pytest.mark.parametrize("layout", [None, Layout.LJSPEECH])
def test_a_column_that_may_be_of_speakers_is_a_question(tmp_path, lines, layout):
    write(tmp_path, "metadata.csv", "\n".join(lines))
    assert "first line, such as id|speaker|text" in faults_of(tmp_path, layout)[0]


def test_a_list_of_speakers_with_a_line_of_two_columns_is_broken(tmp_path):
    write(tmp_path, "metadata.csv", "a1|sarah|Hi\na2|sarah|Well\nb1|Good day\n")
    assert faults_of(tmp_path, None) == ("line 3: expected id|speaker|text, got 2 fields",)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.list", "path|speaker|language|text\na.wav|anna|EN|Hello.\n"),
        ("a.csv", "audio_file;transcription\na.wav;Hello.\n"),
        ("a.tsv", "path\tsentence\na.wav\tHello.\n"),
        ("metadata.csv", '"path","text"\n"a.wav","Hello."\n'),
        ("metadata.csv", "\ufefffile_name,transcription\na.wav,Hello.\n"),
        ("metadata.csv", "path|text|normalized_text\na.wav|Hullo|Hello.\n"),
    ],
)
def test_a_first_line_of_names_says_what_the_columns_are(tmp_path, name, text):
    found = read_list(write(tmp_path, name, text))
    assert [(entry.path, entry.text) for entry in found.entries] == [("a.wav", "Hello.")]
    assert found.notes[0].startswith("line 1 names the columns: path, ")


def test_a_line_break_in_a_cell_is_named(tmp_path):
    write(tmp_path, "a.csv", 'path,text\na.wav,"one\ntwo"\nb.wav,fine\nc.wav,x,y\n')
    faults = faults_of(tmp_path, Layout.CSV)
    assert faults[0].startswith("line 2: a cell goes on to line 3")
    assert faults[1].startswith("line 4: expected 2 fields") or faults[1].startswith("line 5")
    assert len(faults) == 2


def test_equal_faults_are_said_once(tmp_path):
    write(tmp_path, "a.list", "a.wav|anna|hello\n" * 100)
    assert faults_of(tmp_path, None) == (
        "lines 1, 2, 3, 4, 5 and 95 more: expected path|speaker|LANG|text, got 3 fields",
    )


def test_an_id_may_carry_its_suffix_and_its_folder(tmp_path):
    write(tmp_path, "metadata.csv", 'a1.wav|one\nwavs/a2|two\nwavs/a3.flac|three\n"a4"|four\n')
    paths = [entry.path for entry in read_list(tmp_path).entries]
    assert paths == ["wavs/a1.wav", "wavs/a2.wav", "wavs/a3.flac", "wavs/a4.wav"]


def test_a_quoted_path_is_a_path_and_a_quoted_text_stays_quoted(tmp_path):
    write(tmp_path, "a.list", '"a.wav"|anna|EN|"Hello," she said.\n')
    entry = read_list(tmp_path).entries[0]
    assert (entry.path, entry.text) == ("a.wav", '"Hello," she said.')


def test_other_line_separators_stay_in_the_text(tmp_path):
    write(tmp_path, "a.list", "a.wav|anna|EN|one\u2028two\x0cthree\n")
    assert read_list(tmp_path).entries[0].text == "one\u2028two\x0cthree"
