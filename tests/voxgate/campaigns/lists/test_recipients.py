"""Lists of recipients: every row is accepted or rejected, and none is lost."""

from __future__ import annotations

import io
import json
import random
import tracemalloc
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from voxgate.campaigns.lists.recipients import (
    ListWarning,
    RecipientRow,
    RejectedRow,
    read_recipients,
)
from voxgate.campaigns.templates.parsing import parse_template
from voxgate.campaigns.templates.template import Template
from voxgate.errors import RecipientListError, TemplateError
from voxgate.spreadsheets import write_table
from voxgate.text.front_end import FrontEnd

Found = RecipientRow | RejectedRow
HEADER = "recipient_id,first_name,day"


@pytest.fixture(scope="module")
def reminder(english: FrontEnd) -> Template:
    text = "Hello {first_name}, we see you on {day}."
    return parse_template("reminder", text, {"first_name": "name", "day": "date"}, english)


@pytest.fixture(scope="module")
def thanks(english: FrontEnd) -> Template:
    text = "Thank you, {first_name}, for {amount}."
    return parse_template("thanks", text, {"first_name": "name", "amount": "money"}, english)


def read(source: str | bytes, *templates: Template) -> list[Found]:
    data = source.encode() if isinstance(source, str) else source
    return list(read_recipients(io.BytesIO(data), {one.name: one for one in templates}))


def accepted(found: Iterable[Found]) -> list[RecipientRow]:
    return [row for row in found if isinstance(row, RecipientRow)]


def rejected(found: Iterable[Found]) -> list[tuple[int, str | None, str]]:
    return [
        (row.number, row.recipient_id, row.code) for row in found if isinstance(row, RejectedRow)
    ]


def test_a_row_is_its_id_its_templates_and_its_values(reminder: Template) -> None:
    [row] = accepted(read(f"{HEADER}\nc1,ANNA,2026-12-03\n", reminder))
    assert (row.number, row.recipient_id, row.templates) == (2, "c1", ("reminder",))
    assert {name: value.spoken for name, value in row.values.items()} == {
        "first_name": "Anna",
        "day": "December 3, 2026",
    }


def test_the_form_of_a_list_does_not_change_its_rows(reminder: Template, tmp_path: Path) -> None:
    fields = ("c1", "Zoë", "2026-12-03")
    names = HEADER.split(",")
    forms = [
        f"{HEADER}\n{','.join(fields)}\n".encode(),
        b"\xef\xbb\xbf" + f"{HEADER}\r\n{','.join(fields)}\r\n".encode(),
        f"{HEADER}\n{','.join(fields)}".replace(",", ";").encode(),
        f"{HEADER}\n{','.join(fields)}".replace(",", "\t").encode(),
        "day,first_name,recipient_id\n2026-12-03,Zoe\u0308,c1\n".encode(),
        json.dumps(dict(zip(names, fields, strict=True))).encode(),
    ]
    path = tmp_path / "list.csv"
    path.write_bytes(forms[0])
    rows = [accepted(read(form, reminder))[0] for form in forms]
    rows += accepted(read_recipients(path, {"reminder": reminder}))
    assert len({row.digest for row in rows}) == 1
    assert len(rows) == 7


def test_the_digest_tells_a_changed_row(reminder: Template) -> None:
    first = read(f"{HEADER}\na,Anna,2026-12-03\nb,Ben,2026-12-03\n", reminder)
    again = read(f"{HEADER}\nb,Ben,2026-12-03\na,Anna,2026-12-04\n", reminder)
    known = {row.recipient_id: row.digest for row in accepted(first)}
    assert {r.recipient_id: r.digest == known[r.recipient_id] for r in accepted(again)} == {
        "a": False,
        "b": True,
    }


def test_each_reason_is_told_with_its_row(reminder: Template) -> None:
    text = (
        f"{HEADER}\na,Anna,2026-12-03\na,Ben,2026-12-03\n,Cid,2026-12-03\n d,Dora,2026-12-03\n"
        f"{'e' * 129},Eve,2026-12-03\nf\u202e,Finn,2026-12-03\ng,,2026-12-03\nh,Анна,3 May\n"
        "i,Ida\nj,Jo!,2026-12-03\nk,Kay,2026-12-03\n"
    )
    found = read(text, reminder)
    assert [row.recipient_id for row in accepted(found)] == ["a", "k"]
    assert rejected(found) == [
        (3, "a", "duplicate_id"),
        (4, None, "id_missing"),
        (5, None, "bad_id"),
        (6, None, "bad_id"),
        (7, None, "bad_id"),
        (8, "g", "missing"),
        (9, "h", "unreadable"),
        (10, None, "wrong_columns"),
        (11, "j", "sentence_end"),
    ]
    [both] = [row for row in found if isinstance(row, RejectedRow) and row.recipient_id == "h"]
    assert "first_name: " in both.detail
    assert "day: expected a day of the calendar" in both.detail


def test_a_rejected_row_does_not_take_its_id(reminder: Template) -> None:
    found = read(f"{HEADER}\na,Anna!,2026-12-03\na,Anna,2026-12-03\n", reminder)
    assert [row.number for row in accepted(found)] == [3]


def test_a_column_may_choose_the_template(reminder: Template, thanks: Template) -> None:
    text = (
        "recipient_id,template,first_name,day,amount\n"
        "a,reminder,Anna,2026-12-03,\nb,thanks,Ben,,$5\nc,bye,Cid,2026-12-03,$5\nd,,Dora,,\n"
    )
    found = read(text, reminder, thanks)
    assert [(row.templates, set(row.values)) for row in accepted(found)] == [
        (("reminder",), {"first_name", "day"}),
        (("thanks",), {"first_name", "amount"}),
    ]
    assert rejected(found) == [(4, "c", "unknown_template"), (5, "d", "unknown_template")]


def test_without_the_column_every_template_is_for_everybody(
    reminder: Template, thanks: Template
) -> None:
    text = f"{HEADER},amount\na,Anna,2026-12-03,$5\nb,Ben,2026-12-03,\n"
    found = read(text, reminder, thanks)
    assert [row.templates for row in accepted(found)] == [("reminder", "thanks")]
    assert rejected(found) == [(3, "b", "missing")]


def test_what_nobody_reads_is_told_once(
    reminder: Template, caplog: pytest.LogCaptureFixture
) -> None:
    table = f"{HEADER},note\na,Anna,2026-12-03,x\nb,Ben,2026-12-03,y\n"
    lines = [
        {"recipient_id": at, "first_name": "Anna", "day": "2026-12-03", f"x{at % 30}": 1}
        for at in range(60)
    ]
    for data, rows, count in ((table, 2, 1), ("\n".join(map(json.dumps, lines)), 60, 20)):
        heard: list[ListWarning] = []
        found = read_recipients(
            io.BytesIO(data.encode()), {"reminder": reminder}, on_warning=heard.append
        )
        assert len(accepted(found)) == rows
        assert len(heard) == len({warning.detail for warning in heard}) == count
    read(table, reminder)
    assert [record.getMessage() for record in caplog.records] == [
        "recipient list, line 1: column 'note' is read by no template"
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "it is empty"),
        (b"\n\n", "it is empty"),
        (b"id,first_name,day\n", "column recipient_id is missing; there are: 'id'"),
        (b"recipient_id,first_name\n", "column day is missing"),
        (b"recipient_id,first_name,day,day\n", "column 'day' stands there twice"),
        (b'recipient_id,"first_name,day\n', "quotation marks do not balance"),
        (b"recipient_id,first_name,day\ra,Anna,2026-12-03\r", "CR alone"),
        (HEADER.encode("utf-16"), "expected UTF-8|a NUL"),
    ],
)
def test_a_list_that_cannot_be_read_at_all_says_why(
    data: bytes, expected: str, reminder: Template
) -> None:
    with pytest.raises(RecipientListError, match=expected):
        read(data, reminder)


def test_a_missing_file_is_named(reminder: Template, tmp_path: Path) -> None:
    with pytest.raises(RecipientListError, match=r"nobody\.csv cannot be read"):
        list(read_recipients(tmp_path / "nobody.csv", {"reminder": reminder}))


def test_templates_that_contradict_each_other_stop_the_list(
    reminder: Template, english: FrontEnd
) -> None:
    other = parse_template("other", "It is {day}.", {"day": "text"}, english)
    with pytest.raises(TemplateError, match="slot day is a date in template reminder"):
        read(f"{HEADER}\n", reminder, other)


def test_a_hostile_id_goes_out_and_comes_back_without_running(reminder: Template) -> None:
    ids = ["=cmd|' /C calc'!A0", "@SUM(A1)", "+1", "-2+3", "\uff1dHYPERLINK(1)", "<script>", "a;b"]
    rows = [(one, "Anna", "2026-12-03") for one in ids]
    lines = [json.dumps(dict(zip(HEADER.split(","), row, strict=True))) for row in rows]
    first = accepted(read("\n".join(lines), reminder))
    table = write_table(HEADER.split(","), rows)
    assert not any(line.startswith(("=", "@", "+", "-", "\uff1d")) for line in table.splitlines())
    again = accepted(read(table, reminder))
    assert [row.recipient_id for row in first] == [row.recipient_id for row in again] == ids
    assert [row.digest for row in first] == [row.digest for row in again]


NAMES = ("Anna", "J. R. Smith", "Zoë", "O'Brien", "Bob. Call", "{x}", "{0.__class__}", "Анна", "李")
NAMES += ("=cmd|' /C calc'!A0", "", "a" * 61, "An\u202ena", "Tom‼", "&#46;", "<b>", "%s%n", "🎉")
DAYS = (
    "2026-12-03",
    "2026-12-04",
    "2026-12-05",
    "2026-12-06",
    "2026-02-30",
    "03/12/2026",
    "",
    "{day}",
    "9" * 500,
    "tomorrow",
    "=NOW()",
)
BROKEN = (
    b"x,Anna",
    b"x,Anna,2026-12-03,y",
    b'x,"Anna"!,2026-12-03',
    b'"x,Anna,2026-12-03',
    b"x,An\xffna,2026-12-03",
    b"x,An\0na,2026-12-03",
    b"x,Anna,2026-12-03\rz",
    b"x" * 70_000,
    b",,",
    b'""",Anna,2026-12-03',
)


def hostile_rows(count: int, seed: int) -> Iterator[bytes]:
    """Draw rows without line breaks, of which a third are broken as rows."""
    draw = random.Random(seed)
    for at in range(count):
        if draw.random() < 0.33:
            yield draw.choice(BROKEN)
            continue
        recipient_id = draw.choice((f"c{at}", f"=c{at}", f"{at}", "c1", "", "c 1 "))
        fields = (recipient_id, draw.choice(NAMES), draw.choice(DAYS))
        yield ",".join(f'"{f}"' if "," in f else f for f in fields).encode("utf-8", "replace")


def test_ten_thousand_hostile_rows_are_each_accepted_or_listed(reminder: Template) -> None:
    rows = list(hostile_rows(10_000, seed=14))
    found = read(b"\n".join([HEADER.encode(), *rows, b""]), reminder)
    numbers = [entry.number for entry in found]
    assert numbers == list(range(2, 10_002))
    codes = Counter(entry.code for entry in found if isinstance(entry, RejectedRow))
    assert codes.keys() >= {
        "bad_id",
        "bad_quoting",
        "brace",
        "control_character",
        "duplicate_id",
        "id_missing",
        "line_too_long",
        "missing",
        "no_date",
        "not_utf8",
        "nul_byte",
        "sentence_end",
        "too_long",
        "unreadable",
        "wrong_columns",
    }
    assert len(accepted(found)) + codes.total() == len(rows)
    assert len(accepted(found)) > 100
    for row in accepted(found):
        assert rows[row.number - 2].decode().split(",")[0] == row.recipient_id
    assert all(
        len(entry.detail) < 2_000 and entry.detail.isprintable()
        for entry in found
        if isinstance(entry, RejectedRow)
    )


def test_memory_does_not_grow_with_the_length_of_the_list(reminder: Template) -> None:
    class Endless(io.RawIOBase):
        """A list of long rows that is nowhere as a whole."""

        def __init__(self, count: int) -> None:
            self._lines = (
                f"c{at},Anna,2026-12-03,{'x' * 10_000}\n".encode() for at in range(count)
            )
            self._rest = f"{HEADER},note\n".encode()

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            self._rest = self._rest or next(self._lines, b"")
            taken, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
            buffer[: len(taken)] = taken
            return len(taken)

    def peak(count: int) -> int:
        tracemalloc.start()
        try:
            found = read_recipients(io.BufferedReader(Endless(count)), {"reminder": reminder})
            assert sum(isinstance(row, RecipientRow) for row in found) == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)
    assert peak(3_000) < peak(30) + 1_000_000  # 30 MB of rows
