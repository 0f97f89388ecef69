"""The small syntax of templates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxgate.campaigns.templates.syntax import scan
from voxgate.campaigns.templates.template import SentencePattern, SlotName


def test_slots_and_text_alternate_and_blanks_are_single() -> None:
    faults: list[str] = []
    assert scan(" Hello  {first_name},\n come on {day}. ", faults) == (
        "Hello ",
        SlotName("first_name"),
        ", come on ",
        SlotName("day"),
        ".",
    )
    assert faults == []


def test_doubled_braces_are_braces() -> None:
    faults: list[str] = []
    assert scan("a {{b}} c", faults) == ("a {b} c",)
    assert faults == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello {name", "the { before 'name' has no partner"),
        ("Hello name}", "the } before '' has no partner"),
        ("Hello {Name}", "'{Name}' names no slot"),
        ("Hello {x.__class__}", "'{x.__class__}' names no slot"),
        ("Hello {x!r:>10}", "names no slot"),
        ("Hello {0}", "names no slot"),
        ("Hello {}", "names no slot"),
        ("Hel\u202elo", "U+202E"),
        ("   ", "the text is empty"),
        ("x" * 4097, "4,097 characters, at most 4,096"),
        ("You owe ${sum}.", "slot sum touches"),
        ("The {n}th.", "slot n touches"),
        ("See {a}.{b}", "slot b touches"),
        ("See {a}/x", "slot a touches"),
    ],
)
def test_a_fault_of_the_syntax_is_named(text: str, expected: str) -> None:
    faults: list[str] = []
    scan(text, faults)
    assert any(expected in fault for fault in faults), faults


@pytest.mark.parametrize(
    "text", ["{n}'s turn", "({n})", "{n}-minute walk", '"{n}."', "a – {n} – b", "{n}…", "{n}; {m}!"]
)
def test_marks_may_stand_beside_a_slot(text: str) -> None:
    faults: list[str] = []
    scan(text, faults)
    assert faults == []


@given(text=st.text("ab {}.", max_size=20))
def test_what_was_read_is_written_again(text: str) -> None:
    faults: list[str] = []
    parts = scan(text, faults)
    if not faults:
        again = SentencePattern(parts=parts).written
        assert scan(again, faults) == parts
        assert faults == []
