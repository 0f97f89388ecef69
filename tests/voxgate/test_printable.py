from __future__ import annotations

import pytest

from voxgate.printable import find_unprintable, printable, printable_lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("good\n    9  2026-11-22  approved by anna: fine", r"good\n    9  2026-11-22"),
        ("a\rb", r"a\rb"),
        ("\x1b[2K\x1b]0;title\x07", r"\x1b[2K\x1b]0;title\x07"),
        ("\x9b31m", r"\x9b31m"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("a\u200bb\ufeffc", r"a\u200bb\ufeffc"),
        ("a\u2028b\u2029c", r"a\u2028b\u2029c"),
        ("\U000e0041", r"\U000e0041"),
        ("\ud800", r"\ud800"),
    ],
)
def test_what_would_not_print_is_shown_as_its_escape(text: str, shown: str) -> None:
    assert find_unprintable(text) is not None
    assert printable(text).startswith(shown)
    assert find_unprintable(printable(text)) is None


@pytest.mark.parametrize("text", ["Straße “ä” – 5 €", "می‌روم", "👩‍🔧 fine", "नेहा", "a\u00a0b"])
def test_what_people_write_is_left_alone(text: str) -> None:
    assert find_unprintable(text) is None
    assert printable(text) == text


def test_json_values_are_made_printable_throughout() -> None:
    assert printable({"a\n": ["b\r", 1, None, {"c": "\x1b"}]}) == {
        r"a\n": [r"b\r", 1, None, {"c": r"\x1b"}]
    }


def test_lines_of_our_own_stay_lines() -> None:
    assert printable_lines("a\n\tb\x1b[1m\n") == "a\n\tb\\x1b[1m\n"
