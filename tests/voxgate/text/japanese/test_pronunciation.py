"""Words with their phonemes, and where each comes from."""

from __future__ import annotations

from voxgate.text.japanese.normalisation import fold, normalise_lifted
from voxgate.text.japanese.places import lift_readings
from voxgate.text.japanese.pronunciation import kana_of, pronounce


def spoken(text: str, *, accents: bool = True) -> list[tuple[str, str, str]]:
    lifted = lift_readings(text, terms={}, pattern=None, fold=fold)
    words = pronounce(lifted, normalise_lifted(lifted, written=text), accents=accents)
    return [(word.word, " ".join(word.phones), word.source) for word in words]


def test_words_and_marks_come_one_by_one() -> None:
    assert spoken("猫は、寝る。") == [
        ("猫", "n e ] k o", "dictionary"),
        ("は", "w a", "dictionary"),
        (",", ",", "mark"),
        ("寝る", "n e [ r u", "dictionary"),
        (".", ".", "mark"),
    ]


def test_brackets_are_slight_breaks() -> None:
    assert [source for _, phones, source in spoken("「猫」") if phones == "UNK"] == ["mark", "mark"]


def test_a_particle_behind_a_bracket_is_a_particle() -> None:
    assert ("は", "w a UNK", "dictionary") in spoken("「猫」は寝る")


def test_the_point_between_names_is_a_pause() -> None:
    assert "_" in [phone for _, phones, _ in spoken("ジョン・スミス") for phone in phones.split()]
    assert "_" not in " ".join(phones for _, phones, _ in spoken("ジョン・スミス", accents=False))


def test_long_clauses_are_cut_and_nothing_is_lost() -> None:
    text = "東京の大学へ行って本を読む" * 100
    lifted = lift_readings(text, terms={}, pattern=None, fold=fold)
    assert kana_of(lifted, text) == "トーキョーノダイガクエイッテホンヲヨム" * 100
