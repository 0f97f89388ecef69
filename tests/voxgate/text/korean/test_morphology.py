from __future__ import annotations

import pytest

from voxgate.text.korean.morphemes import morphemes_of
from voxgate.text.korean.morphology import mark_morphology
from voxgate.text.korean.syllables import Border, is_hangul, split


def marked(text: str) -> str:
    syllables = {place: split(char) for place, char in enumerate(text) if is_hangul(char)}
    for place, syllable in syllables.items():
        if text[place + 1 : place + 2] == " ":
            syllable.border = Border.SPACE
    mark_morphology(text, morphemes_of(text), syllables)
    return "".join(str(syllables.get(place, char)) for place, char in enumerate(text))


@pytest.mark.parametrize(
    ("text", "respelled"),
    [
        ("갈 데가", "갈 떼가"),
        ("할게", "할께"),
        ("문법을", "문뻡을"),
        ("한여름에", "한녀름에"),
        ("할 일이", "할 닐이"),
        ("좋은 일이", "좋은 일이"),
        ("디귿이", "디긋이"),
        ("이십육", "이십뉵"),
        ("삼점일사", "삼쩜일싸"),
        ("등용문", "등용문"),
        ("학교에", "학교에"),
    ],
)
def test_morphemes_respell_what_the_rules_start_from(text: str, respelled: str) -> None:
    assert marked(text) == respelled


def test_the_places_that_the_list_names_are_returned() -> None:
    syllables = {place: split(char) for place, char in enumerate("문법")}
    assert mark_morphology("문법", morphemes_of("문법"), syllables) == {1}
