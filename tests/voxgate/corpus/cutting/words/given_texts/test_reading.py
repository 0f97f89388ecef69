"""Transcripts of every format, and what is wrong with broken ones, all together."""

import codecs

import pytest

from voxgate.corpus.cutting.words.given_texts.reading import read_transcript
from voxgate.errors import TranscriptError

SRT = """1
00:00:01,000 --> 00:00:02,500
<i>Press one</i>
- now.

2
00:01:02,5 --> 00:01:03,000 X1:40
[music] Good-bye &amp; thanks.
"""
VTT = """WEBVTT - a title

STYLE
::cue { color: red }

NOTE nothing

intro
00:01.000 --> 00:02.500 align:start
<v Ada>Press <b>one</b>
now.

01:00:00.000 --> 01:00:01.000
Good-bye.
"""
LABELS = "1.000000\t2.500000\tPress one now.\n\\\t100.0\t200.0\n3,5\t4,25\tGood-bye.\n5.0\t5.0\t\n"
LONG_GRID = """File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 4.5
tiers? <exists>
size = 3
item []:
    item [1]:
        class = "IntervalTier"
        name = "sentences"
        xmin = 0
        xmax = 4.5
        intervals: size = 3
        intervals [1]:
            xmin = 0
            xmax = 1
            text = ""
        intervals [2]:
            xmin = 1
            xmax = 2.5
            text = "Press ""one""
 now."
        intervals [3]:
            xmin = 2.5
            xmax = 4.5
            text = "Good-bye."
    item [2]:
        class = "IntervalTier"
        name = "phones"
        xmin = 0
        xmax = 4.5
        intervals: size = 1
        intervals [1]:
            xmin = 0
            xmax = 4.5
            text = "p"
    item [3]:
        class = "TextTier"
        name = "bells"
        xmin = 0
        xmax = 4.5
        points: size = 1
        points [1]:
            number = 1.0
            mark = "ding"
"""
SHORT_GRID = """File type = "ooTextFile"
"TextGrid"

0 4.5 <exists> ! a comment "with" 3 values
1
"IntervalTier" "" 0 4.5 2
1 2.5 "Press ""one"" now."
2.5 4.5 "Good-bye."
"""


def read(tmp_path, name, text, encoding="utf-8"):
    (tmp_path / name).write_bytes(text.encode(encoding))
    return read_transcript(tmp_path / name)


def faults(tmp_path, name, text, encoding="utf-8"):
    with pytest.raises(TranscriptError) as raised:
        read(tmp_path, name, text, encoding)
    assert name in str(raised.value)
    return list(raised.value.faults)


@pytest.mark.parametrize(
    ("name", "text", "format_", "lines"),
    [
        ("a.srt", SRT, "srt", [(1.0, 2.5, "Press one now."), (62.5, 63.0, "Good-bye & thanks.")]),
        ("a.vtt", VTT, "vtt", [(1.0, 2.5, "Press one now."), (3600.0, 3601.0, "Good-bye.")]),
        ("a.txt", LABELS, "audacity", [(1.0, 2.5, "Press one now."), (3.5, 4.25, "Good-bye.")]),
        (
            "a.TextGrid",
            LONG_GRID,
            "textgrid",
            [(1.0, 2.5, 'Press "one" now.'), (2.5, 4.5, "Good-bye.")],
        ),
        (
            "a.TextGrid",
            SHORT_GRID,
            "textgrid",
            [(1.0, 2.5, 'Press "one" now.'), (2.5, 4.5, "Good-bye.")],
        ),
    ],
)
def test_each_format_gives_lines_with_times(tmp_path, name, text, format_, lines):
    given = read(tmp_path, name, text)
    assert given.format == format_
    assert [(line.start_s, line.end_s, line.text) for line in given.lines] == lines
    assert given.end_s == lines[-1][1]


def test_plain_text_has_no_times(tmp_path):
    given = read(tmp_path, "chapter.txt", "Chapter 1\r\n\r\nIt was   late.\n")
    assert (given.format, given.end_s) == ("plain", None)
    assert [(line.number, line.text) for line in given.lines] == [
        (1, "Chapter 1"),
        (3, "It was late."),
    ]
    assert given.words == ["Chapter", "1", "It", "was", "late."]


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_marked_encodings_are_read(tmp_path, mark, encoding):
    path = tmp_path / "a.TextGrid"
    path.write_bytes(mark + SHORT_GRID.replace("Good-bye", "Señor").encode(encoding))
    assert read_transcript(path).lines[-1].text == "Señor."


def test_carriage_returns_alone_end_lines(tmp_path):
    assert len(read(tmp_path, "a.srt", SRT.replace("\n", "\r\n")).lines) == 2
    assert len(read(tmp_path, "a.srt", SRT.replace("\n", "\r")).lines) == 2


def test_all_faults_of_a_file_are_named_with_their_lines(tmp_path):
    broken = (
        SRT.replace("00:00:01,000", "soon") + "\nwords alone\n\n3\n00:00:09,0 --> 00:00:08,0\nx\n"
    )
    assert faults(tmp_path, "a.srt", broken) == [
        "line 2: 'soon --> 00:00:02,500': expected HOURS:MINUTES:SECONDS,MILLISECONDS twice",
        "line 10: 'words alone': expected times (00:00:01,000 --> 00:00:02,500)",
        "line 13: '00:00:09,0 --> 00:00:08,0': expected an end that is not before its start",
    ]


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("a.vtt", SRT, "line 1: expected WEBVTT"),
        ("a.vtt", "WEBVTT\n00:01.0 --> 00:02.0\nx\n", "line 2: expected an empty line"),
        ("a.txt", "1.0\t2.0\tx\nand\n", "line 2: 'and': expected START, END and TEXT"),
        ("a.txt", "2.0\t1.0\tx\n", "line 1: '2.0\\t1.0\\tx': expected an end"),
        ("a.TextGrid", SHORT_GRID[:-12], "line 8: expected a text, got"),
        ("a.TextGrid", SHORT_GRID.replace("1 2.5", "3 2.5"), "line 7: expected an end"),
        ("a.TextGrid", SHORT_GRID.replace('"TextGrid"', '"Sound"'), 'line 2: expected "TextGrid"'),
        (
            "a.TextGrid",
            SHORT_GRID.replace('"IntervalTier"', '"Tier"'),
            'line 6: expected "Interval',
        ),
        ("a.TextGrid", SHORT_GRID.replace('""', '"phones"', 1), "got 'phones'; leave one"),
        ("a.doc", "x", "expected one of .txt, .srt, .vtt, .textgrid, got .doc"),
        ("a", "x", "got no suffix"),
        ("a.txt", "... –\n", "expected words (plain)"),
        ("a.srt", "", "expected words (srt)"),
        ("a.txt", "a\0b", "zero bytes"),
    ],
)
def test_what_is_wrong_is_said(tmp_path, name, text, fault):
    (only,) = faults(tmp_path, name, text)
    assert fault in only


def test_another_encoding_names_its_line(tmp_path):
    assert faults(tmp_path, "a.txt", "one\nSeñor\n", "latin-1") == [
        "line 2: expected UTF-8 or UTF-16, got another encoding; save it as UTF-8"
    ]


def test_several_tiers_of_words_are_not_guessed_between(tmp_path):
    two = LONG_GRID.replace('"phones"', '"words"')
    assert "got 'sentences', 'words'; leave one" in faults(tmp_path, "a.TextGrid", two)[0]


def test_an_enormous_file_is_not_read(tmp_path):
    with (tmp_path / "a.txt").open("wb") as stream:
        stream.truncate(1 << 27)
    with pytest.raises(TranscriptError, match="64 MiB"):
        read_transcript(tmp_path / "a.txt")
