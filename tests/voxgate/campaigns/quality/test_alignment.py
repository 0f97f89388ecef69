from __future__ import annotations

from voxgate.campaigns.quality.alignment import align, bare_phones, phone_cost


def pairs(expected: str, heard: str) -> list[tuple[str, str]]:
    steps = align(expected.split(), heard.split(), phone_cost)
    wanted, got = expected.split(), heard.split()
    return [
        (
            "-" if step.expected is None else wanted[step.expected],
            "-" if step.heard is None else got[step.heard],
        )
        for step in steps
    ]


def test_equal_rows_are_paired_place_by_place() -> None:
    assert pairs("W EH N", "W EH N") == [("W", "W"), ("EH", "EH"), ("N", "N")]


def test_a_left_out_phone_has_nothing_beside_it() -> None:
    assert pairs("HH AH L OW", "HH L OW") == [("HH", "HH"), ("AH", "-"), ("L", "L"), ("OW", "OW")]


def test_vowels_are_heard_for_vowels_before_consonants() -> None:
    assert pairs("IY D", "EY T") == [("IY", "EY"), ("D", "T")]
    assert phone_cost("IY", "EY") < phone_cost("IY", "T")


def test_what_is_left_out_or_added_is_so_in_one_piece_that_begins_where_a_word_does() -> None:
    good_day, day = "G UH D D EY".split(), "D EY".split()
    steps = align(good_day, day, phone_cost, starts=({0, 3}, {0}))
    assert [step.expected for step in steps if step.heard is None] == [0, 1, 2]
    twice = "DH AH G UH D G UH D D EY".split()
    once = "DH AH G UH D D EY".split()
    steps = align(once, twice, phone_cost, starts=({0, 2, 5}, {0, 2, 5, 8}))
    added = [step.heard for step in steps if step.expected is None]
    assert added in ([2, 3, 4], [5, 6, 7])


def test_an_empty_row_is_all_gaps() -> None:
    assert pairs("", "W EH") == [("-", "W"), ("-", "EH")]
    assert pairs("W EH", "") == [("W", "-"), ("EH", "-")]


def test_stress_is_no_sound() -> None:
    assert bare_phones(("AH0", "L", "OW1")) == bare_phones(("AH1", "L", "OW2"))
