from __future__ import annotations

import pytest

from voxgate.text.korean.number_sounds import mark_numbers
from voxgate.text.korean.syllables import is_hangul, split


def changed(text: str) -> str:
    syllables = {place: split(char) for place, char in enumerate(text) if is_hangul(char)}
    mark_numbers(text, syllables)
    return "".join(str(syllables.get(place, char)) for place, char in enumerate(text))


@pytest.mark.parametrize(
    ("text", "respelled"),
    [
        ("이십육", "이십뉵"),
        ("천육백", "천뉵백"),
        ("칠십팔", "칠씹팔"),
        ("삼점일사", "삼쩜일싸"),
        ("일주일", "일쭈일"),
        ("십칠도", "십칠또"),
        ("삼월 오일도", "삼월 오일도"),
        ("일도 힘들다", "일도 힘들다"),
        ("인천육상", "인천육상"),
        ("이 점", "이 점"),
        ("만점이", "만쩜이"),
    ],
)
def test_numbers_respell_what_the_rules_start_from(text: str, respelled: str) -> None:
    assert changed(text) == respelled
