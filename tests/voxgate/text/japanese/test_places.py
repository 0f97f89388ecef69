"""Words with a reading of their own, lifted out of a text."""

from __future__ import annotations

from voxgate.text.japanese.places import lift_readings, term_pattern

TERMS = {"東京": "トーキョー", "東京都": "トーキョート", "アイ": "エー", "橋": "ハシ"}


def lifted(text: str) -> tuple[str, tuple[str, ...]]:
    found = lift_readings(text, terms=TERMS, pattern=term_pattern(TERMS), fold=str)
    assert found.lower(found.text) == text
    return found.text, found.words


def test_the_longest_term_is_lifted() -> None:
    assert lifted("東京都と東京") == ("\ue000と\ue001", ("東京都", "東京"))


def test_a_term_twice_is_one_place() -> None:
    assert lifted("東京と東京") == ("\ue000と\ue000", ("東京",))


def test_katakana_and_one_han_character_are_no_part_of_longer_runs() -> None:
    assert lifted("アイス、鉄橋") == ("アイス、鉄橋", ())
    assert lifted("アイと橋へ") == ("\ue000と\ue001へ", ("アイ", "橋"))


def test_inline_readings_come_first() -> None:
    assert lifted("{東京|ヒガシ}と東京") == ("\ue000と\ue001", ("東京", "東京"))
