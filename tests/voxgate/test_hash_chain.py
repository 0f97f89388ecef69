from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from voxgate.files import digest_json
from voxgate.hash_chain import (
    GENESIS,
    Sealed,
    clock_behind,
    find_breaks,
    is_head,
    name_head,
    sealed,
    time_text,
)

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Line(Sealed):
    sequence: int
    text: str
    previous: str
    digest: str = ""


def chain(*texts: str) -> list[Line]:
    lines: list[Line] = []
    for number, text in enumerate(texts, start=1):
        previous = lines[-1].digest if lines else GENESIS
        lines.append(sealed(Line(sequence=number, text=text, previous=previous)))
    return lines


def test_a_row_is_sealed_over_its_other_fields_in_their_order() -> None:
    (line,) = chain("one")
    assert line.digest == digest_json([1, "one", GENESIS])
    assert line.expected_digest() == line.digest


def test_a_chain_shows_what_was_altered_and_what_was_cut_off() -> None:
    lines = chain("one", "two")
    assert find_breaks(lines, [name_head(2, lines[1].digest)]) == []
    altered = [Line(**{**vars(lines[0]), "text": "won"}), lines[1]]
    assert [found.code for found in find_breaks(altered)] == ["altered"]
    cut = find_breaks(lines[:1], [name_head(2, lines[1].digest)])
    assert [found.code for found in cut] == ["truncated"]


def test_a_head_is_named_as_it_is_recognised() -> None:
    (line,) = chain("one")
    assert is_head(name_head(1, line.digest))


def test_how_far_a_clock_is_behind_the_last_row() -> None:
    last = time_text(NOON)
    assert clock_behind(NOON, None) == timedelta(0)
    assert clock_behind(NOON + timedelta(seconds=1), last) == timedelta(0)
    assert clock_behind(NOON - timedelta(seconds=1), last) == timedelta(seconds=1)
