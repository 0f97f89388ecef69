"""Lines of a file that somebody else wrote."""

from __future__ import annotations

import io

from voxgate.campaigns.lists.lines import LONGEST_LINE, Line, LineFault, read_lines


def test_lines_are_numbered_as_in_an_editor_and_blank_ones_left_out() -> None:
    lines = read_lines(io.BytesIO(b"\xef\xbb\xbfa\r\n\n  \nb\nc"))
    assert list(lines) == [
        Line(number=1, text="a"),
        Line(number=4, text="b"),
        Line(number=5, text="c"),
    ]


def test_one_bad_line_does_not_hide_the_next() -> None:
    long = b"x" * (3 * LONGEST_LINE)
    found = list(read_lines(io.BytesIO(b"a\nb\xff\nc\0\n" + long + b"\nd\n" + long)))
    assert [(f.number, f.code) for f in found if isinstance(f, LineFault)] == [
        (2, "not_utf8"),
        (3, "nul_byte"),
        (4, "line_too_long"),
        (6, "line_too_long"),
    ]
    assert [line.text for line in found if isinstance(line, Line)] == ["a", "d"]


def test_a_line_may_be_as_long_as_the_bound() -> None:
    data = b"x" * (LONGEST_LINE - 1) + b"\n"
    assert [type(line) for line in read_lines(io.BytesIO(data * 2))] == [Line, Line]
