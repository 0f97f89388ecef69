"""The dictionary: words, readings of places, what it does not know."""

from __future__ import annotations

from voxgate.text.japanese.analysis import analyse, dictionary_digest, word_phones


def test_words_come_with_their_pronunciation() -> None:
    assert [(w["string"], w["pron"]) for w in analyse("彼は学校へ", {})] == [
        ("彼", "カレ"),
        ("は", "ワ"),
        ("学校", "ガッコー"),
        ("へ", "エ"),
    ]


def test_places_have_the_reading_they_are_given() -> None:
    words = analyse("\ue000\ue001と", {"\ue000": ("ヤマ", 2, 2), "\ue001": ("カワ", 2, 2)})
    assert [word["pron"] for word in words] == ["ヤマ", "カワ", "ト"]


def test_unknown_words_are_marked() -> None:
    assert [w["string"] for w in analyse("今日は龘だ", {}) if w["is_unknown"]] == ["龘"]


def test_what_lengthens_a_word_is_one_with_it() -> None:
    found = word_phones(analyse("行きましょう", {}))
    assert [(w["string"], p) for w, p in found][-1] == ("ましょう", ["m", "a", "sh", "o", "o"])


def test_nothing_gives_nothing() -> None:
    assert analyse("", {}) == []


def test_the_digest_names_the_dictionary() -> None:
    assert len(dictionary_digest()) == 64
