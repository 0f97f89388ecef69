from __future__ import annotations

from voxgate.pretraining.spelling.graphones import Word, align, graphone_probabilities

WORDS: list[Word] = [
    ("pat", ("P", "AE1", "T")),
    ("tap", ("T", "AE1", "P")),
    ("apt", ("AE1", "P", "T")),
    ("fox", ("F", "AA1", "K", "S")),
    ("of", ("AA1", "F")),
    ("fax", ("F", "AE1", "K", "S")),
    ("phat", ("F", "AE1", "T")),
    ("graph", ("G", "R", "AE1", "F")),
    ("gap", ("G", "AE1", "P")),
    ("rat", ("R", "AE1", "T")),
]


def test_letters_find_their_phonemes() -> None:
    probabilities = graphone_probabilities(WORDS, rounds=15)
    assert abs(sum(probabilities.values()) - 1) < 1e-9
    assert align(("fax", ("F", "AE1", "K", "S")), probabilities) == [
        ("f", ("F",)),
        ("a", ("AE1",)),
        ("x", ("K", "S")),
    ]
    assert align(("graph", ("G", "R", "AE1", "F")), probabilities) == [
        ("g", ("G",)),
        ("r", ("R",)),
        ("a", ("AE1",)),
        ("ph", ("F",)),
    ]


def test_a_row_spells_its_word_and_its_phonemes() -> None:
    probabilities = graphone_probabilities(WORDS, rounds=3)
    for letters, phones in WORDS:
        row = align((letters, phones), probabilities)
        assert row is not None
        assert "".join(part for part, _ in row) == letters
        assert tuple(phone for _, part in row for phone in part) == phones


def test_what_cannot_be_spelled_is_left_out() -> None:
    probabilities = graphone_probabilities(WORDS, rounds=3)
    assert align(("tv", ("T", "IY1", "V", "IY1", "Z")), probabilities) is None
    assert align(("zz", ("AA1", "AA1", "AA1")), probabilities) is None
