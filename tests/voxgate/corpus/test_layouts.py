"""The lists in which people keep recordings."""

import pytest

from voxgate.corpus.layouts import Entry, Layout, detect_layout, read_layout
from voxgate.errors import ManifestError


def write(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def faults_of(tmp_path, layout):
    with pytest.raises(ManifestError) as caught:
        read_layout(tmp_path, layout)
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
    assert detect_layout(write(tmp_path, name, text)) == (layout, tmp_path / name)


def test_two_lists_are_a_question_not_a_guess(tmp_path):
    write(tmp_path, "a.list", "")
    write(tmp_path, "b.csv", "path,text\n")
    with pytest.raises(ManifestError, match=r"found a\.list, b\.csv"):
        detect_layout(tmp_path)


def test_no_list_says_what_is_expected(tmp_path):
    with pytest.raises(ManifestError, match=r"NAME\.list.*found none"):
        detect_layout(tmp_path)


def test_a_text_may_contain_the_separator_of_a_list(tmp_path):
    write(tmp_path, "a.list", "a.wav|anna|EN|either | or\n")
    assert read_layout(tmp_path, Layout.GPT_SOVITS)[1] == [
        Entry(line=1, path="a.wav", text="either | or", speaker="anna", language="EN")
    ]


def test_every_broken_line_of_a_list_is_named(tmp_path):
    write(tmp_path, "a.list", "a.wav|anna\nb.wav|anna|EN|fine\n\nc.wav\nd.wav|x|y\n")
    assert [fault.split(":")[0] for fault in faults_of(tmp_path, Layout.GPT_SOVITS)] == [
        "line 1",
        "line 4",
        "line 5",
    ]


def test_ljspeech_takes_what_was_said(tmp_path):
    write(tmp_path, "metadata.csv", "LJ1|Mr. A|Mister A\nLJ2|plain\nLJ3|plain|\n")
    entries = read_layout(tmp_path, Layout.LJSPEECH)[1]
    assert [entry.text for entry in entries] == ["Mister A", "plain", "plain"]
    assert entries[0].path == "wavs/LJ1.wav"


def test_ljspeech_refuses_an_ambiguous_separator(tmp_path):
    write(tmp_path, "metadata.csv", "LJ1|a|b|c\n|x\n")
    faults = faults_of(tmp_path, Layout.LJSPEECH)
    assert "got 4 fields" in faults[0]
    assert "line 2" in faults[1]


def test_a_csv_takes_its_columns_in_any_order(tmp_path):
    write(tmp_path, "a.csv", 'text,Path,recording_id\n"one, two | three",a.wav,first\n')
    entry = read_layout(tmp_path, Layout.CSV)[1][0]
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
