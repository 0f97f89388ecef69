from __future__ import annotations

import pytest

from voxgate.code_digest import import_closure
from voxgate.errors import TextError
from voxgate.text.comparisons import (
    WORD_LANGUAGES,
    comparison_rules,
    unit_comparison,
)
from voxgate.text.front_ends import LANGUAGES

UNIT_LANGUAGES = [language for language in LANGUAGES if language not in WORD_LANGUAGES]


@pytest.mark.parametrize("language", WORD_LANGUAGES)
def test_words_have_one_writing(language: str) -> None:
    rules = comparison_rules(language)
    assert rules.canonical(rules.spoken("50")) == rules.canonical(
        rules.canonical(rules.spoken("50"))
    )


@pytest.mark.parametrize("language", UNIT_LANGUAGES)
def test_every_language_that_can_be_spoken_can_be_compared(language: str) -> None:
    compared = unit_comparison(language, spelling=str.lower)
    assert len(compared("50").sounds.split()) >= 2
    assert compared("50").sounds == compared("50。").sounds
    assert compared("50").languages == {language}


def test_a_language_of_its_own_units_is_not_compared_by_words() -> None:
    with pytest.raises(TextError, match="Chinese are compared by units of their own"):
        comparison_rules("zh")


def test_a_language_without_a_front_end_is_refused() -> None:
    with pytest.raises(TextError, match="'xx' has no text front end"):
        comparison_rules("xx")


def test_what_a_voice_says_does_not_hang_on_how_it_is_judged() -> None:
    assert "voxgate.text.english.comparison" not in import_closure(["voxgate.speaking"])
