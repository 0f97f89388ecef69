from __future__ import annotations

from voxgate.text.inline_readings import lift
from voxgate.text.korean.lexicon import Lexicon
from voxgate.text.korean.pronunciation import pronounce


def phones(text: str, **terms: str) -> str:
    lifted, readings = lift(text)
    words = pronounce(lifted, readings, Lexicon(terms=terms))
    return "".join(phone for word in words for phone in word.phones)


def test_given_readings_meet_what_follows_by_the_rules() -> None:
    assert phones("{가|닥}이") == "ㄷㅏㄱㅣ"
    assert phones("{가|닥}만") == "ㄷㅏㅇㅁㅏㄴ"
    assert phones("학{가|고}") == "ㅎㅏㄱㄲㅗ"


def test_nothing_changes_inside_a_given_reading() -> None:
    assert phones("{가|국물}") == "ㄱㅜㄱㅁㅜㄹ"
    assert phones("국물") == "ㄱㅜㅇㅁㅜㄹ"
    assert phones("국물", 국물="국물") == "ㄱㅜㄱㅁㅜㄹ"


def test_spaces_are_heard_and_rules_cross_them() -> None:
    assert phones("독립 기념") == "ㄷㅗㅇㄴㅣㅂ空ㄲㅣㄴㅣㅓㅁ"
    assert phones("꽃 위") == "ㄲㅗ空ㄷㅜㅣ"
    assert phones("책 안") == "ㅊㅐㄱ空ㅇㅏㄴ"


def test_words_that_the_analyser_does_not_know_are_guesses() -> None:
    known, _, unknown, _, given = pronounce("학교 쀍 \ue000", lift("{쀍|불}")[1], Lexicon())
    assert [word.guessed for word in (known, unknown, given)] == [False, True, False]
    assert given.source == "inline"
